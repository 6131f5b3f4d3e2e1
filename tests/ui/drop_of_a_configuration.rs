//! expect: QemuFreesTheSettingsSoAConfigurationHasNoDrop` for type `Conf`
//! QEMU has freed the texts by then.
oldstable::qdev_define_conf! {
    pub struct Conf {
        "text" => text: Option<String>,
    }
}

impl Drop for Conf {
    fn drop(&mut self) {
        println!("{:?}", self.text.get())
    }
}
