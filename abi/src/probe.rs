// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The C file whose debug information is read.

use crate::imports::Imports;
use crate::names;
use std::collections::BTreeSet;
use std::fmt::Write;

/// GLib's functions come with its library, not with QEMU's binary.
pub fn is_there(name: &str, exports: &BTreeSet<String>) -> bool {
    name.starts_with("g_") || exports.contains(name)
}

pub fn text(imports: &Imports, exports: &BTreeSet<String>) -> String {
    let mut text = String::from("#include \"probe.h\"\n\n");
    for (kind, names) in [("function", &imports.functions), ("variable", &imports.variables)] {
        for name in names.iter().filter(|name| is_there(name, exports)) {
            writeln!(text, "__typeof__({name}) *probe_{kind}_{name};").unwrap();
        }
    }
    for name in names::NUMBERS {
        writeln!(text, "#ifdef {name}\nconst long long probe_number_{name} = (long long)({name});\n#endif").unwrap();
    }
    for name in names::TEXTS {
        writeln!(text, "#ifdef {name}\nconst char probe_text_{name}[] = {name};\n#endif").unwrap();
    }
    text.push_str(
        "const long long probe_number_QEMU_PLUGIN_VERSION = (long long)(QEMU_PLUGIN_VERSION);\n\
         VMStateField probe_end_of_fields[] = { VMSTATE_END_OF_LIST() };\n\
         #ifdef DEFINE_PROP_END_OF_LIST\n\
         const char probe_properties_end_with_an_empty_name;\n\
         #endif\n",
    );
    text
}
