//! expect: `plugin!` takes classes, and behind them in this order
use oldstable::qom::{Object, ObjectImpl};

oldstable::qom_define_type! {
    pub struct Thing("thing"): Object {}
}

impl ObjectImpl for Thing {}

fn board(_: &oldstable::plugin::Settings) -> oldstable::Result<()> {
    Ok(())
}

fn start() {}

oldstable::plugin!(Thing; start start; board board);
