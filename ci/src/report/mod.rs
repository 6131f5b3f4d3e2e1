//! What was found in the cells, and the forms that it is shown in.

pub mod about;
pub mod cases;
pub mod files;
pub mod github;
pub mod html;
pub mod json;
pub mod junit;
pub mod markup;
pub mod model;
pub mod table;
