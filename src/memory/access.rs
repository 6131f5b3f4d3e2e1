//! An access's attributes and how it ends.

use crate::sys;
use std::fmt;

/// What goes with an access besides address and data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// Nobody has said anything of the access.
    pub unspecified: bool,
    /// The access is to the secure side of an ARM board.
    pub secure: bool,
    /// The access comes from an unprivileged program.
    pub user: bool,
    /// Which device the access comes from: on PCI, bus, device and function.
    pub requester_id: u16,
}

impl Attributes {
    /// Those of an access of which nobody has said anything.
    pub const UNSPECIFIED: Self = Attributes {
        unspecified: true,
        secure: false,
        user: false,
        requester_id: 0,
    };

    pub(crate) fn encode(self) -> sys::MemTxAttrs {
        sys::Attributes {
            unspecified: self.unspecified,
            secure: self.secure,
            user: self.user,
            requester_id: self.requester_id,
        }
        .encode()
    }

    pub(super) fn decode(attrs: sys::MemTxAttrs) -> Self {
        let attrs = sys::Attributes::decode(attrs);
        Attributes {
            unspecified: attrs.unspecified,
            secure: attrs.secure,
            user: attrs.user,
            requester_id: attrs.requester_id,
        }
    }
}

/// Why an access has failed. A processor that made it takes an exception; a device decides itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BusError {
    /// There is nothing at the address, or nothing that takes such an access.
    Decode,
    /// What is at the address has refused.
    Device,
}

impl BusError {
    pub(super) fn to_number(self) -> sys::MemTxResult {
        match self {
            BusError::Decode => sys::MEMTX_DECODE_ERROR,
            BusError::Device => sys::MEMTX_ERROR,
        }
    }

    /// From the bits of all that has gone wrong with the parts of an access.
    pub(crate) fn check(result: sys::MemTxResult) -> Result<(), BusError> {
        if result == sys::MEMTX_OK {
            Ok(())
        } else if result & sys::MEMTX_DECODE_ERROR != 0 {
            Err(BusError::Decode)
        } else {
            Err(BusError::Device)
        }
    }
}

impl fmt::Display for BusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BusError::Decode => "there is nothing at the address that takes such an access",
            BusError::Device => "what is at the address has refused the access",
        })
    }
}

impl std::error::Error for BusError {}
