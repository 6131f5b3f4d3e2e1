//! What was found in the cells, and the forms that it is shown in.

pub mod export;
pub mod html;
pub mod model;
