// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The compiler's messages, as cargo prints them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::source::Draft;

/// A line of cargo's output that is a message of the compiler.
#[derive(Debug, Deserialize)]
struct Line {
    message: Option<Message>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Message {
    pub message: String,
    level: String,
    code: Option<Code>,
    pub spans: Vec<Place>,
    #[serde(default)]
    children: Vec<Note>,
}

/// What a message says besides.
#[derive(Debug, Clone, Deserialize)]
struct Note {
    message: String,
    spans: Vec<Place>,
}

#[derive(Debug, Clone, Deserialize)]
struct Code {
    code: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Place {
    pub file_name: String,
    pub byte_start: usize,
    pub byte_end: usize,
    pub line_start: usize,
    pub is_primary: bool,
    pub label: Option<String>,
    expansion: Option<Box<Expansion>>,
}

#[derive(Debug, Clone, Deserialize)]
struct Expansion {
    span: Place,
}

impl Place {
    /// Returns whether it is in the expansion of a macro.
    pub fn is_expanded(&self) -> bool {
        self.expansion.is_some()
    }

    /// Returns its part of the file's text.
    pub fn text<'a>(&self, file: &'a str) -> Option<&'a str> {
        file.get(self.byte_start..self.byte_end)
    }

    pub fn has(&self, byte: usize) -> bool {
        (self.byte_start..self.byte_end).contains(&byte)
    }
}

impl Message {
    /// Returns the errors in the output of `cargo … --message-format=json`.
    pub fn errors(output: &str) -> Vec<Message> {
        let lines = output.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
        let messages = lines.filter_map(|line| line.message);
        messages.filter(|message| message.level.starts_with("error") && !message.spans.is_empty()).collect()
    }

    /// Returns an error that is known as text only.
    pub fn of_text(code: &str, message: &str, file: &Path, bytes: Range<usize>, line: usize) -> Message {
        let place = Place {
            file_name: file.display().to_string(),
            byte_start: bytes.start,
            byte_end: bytes.end,
            line_start: line,
            is_primary: true,
            label: None,
            expansion: None,
        };
        let code = Some(Code { code: code.to_string() });
        Message {
            message: message.to_string(),
            level: "error".to_string(),
            code,
            spans: vec![place],
            children: Vec::new(),
        }
    }

    /// Returns the message with only the places in a folder, relative to it.
    pub fn below(&self, folder: &str) -> Option<Message> {
        let mut message = self.clone();
        let inside = |place: &mut Place| {
            let path = Path::new(&place.file_name).strip_prefix(folder).ok()?.to_string_lossy().into_owned();
            place.file_name = path;
            Some(())
        };
        let of_notes = message.children.iter_mut().flat_map(|note| &mut note.spans);
        for place in message.spans.iter_mut().chain(of_notes) {
            let mut place = place;
            loop {
                if inside(place).is_none() && !place.file_name.starts_with('/') {
                    // It is in another package.
                    place.file_name = format!("/{}", place.file_name);
                }
                match &mut place.expansion {
                    Some(expansion) => place = &mut expansion.span,
                    None => break,
                }
            }
        }
        (!message.places().is_empty()).then_some(message)
    }

    /// Returns the warnings of these lints in the same output.
    pub fn warnings(output: &str, lints: &[&str]) -> Vec<Message> {
        let lines = output.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
        lines.filter_map(|line| line.message).filter(|message| lints.contains(&message.code())).collect()
    }

    /// Returns all warnings in the same output.
    pub fn all_warnings(output: &str) -> Vec<Message> {
        let lines = output.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
        lines.filter_map(|line| line.message).filter(|message| message.level == "warning").collect()
    }

    /// Returns the place that sets the level of the lint, where the message shows it: it does so once.
    pub fn level(&self) -> Option<&Place> {
        self.children.iter().find(|note| note.message.starts_with("the lint level is defined here"))?.spans.first()
    }

    /// Returns whether one of the places is a closure.
    pub fn points_at_closure(&self, files: &BTreeMap<PathBuf, Draft>) -> bool {
        self.spans.iter().any(|place| {
            let draft = files.get(&super::plain(Path::new(&place.file_name)));
            let text = draft.and_then(|draft| place.text(&draft.text)).unwrap_or_default();
            text.strip_prefix("move ").unwrap_or(text).starts_with('|')
        })
    }

    pub fn code(&self) -> &str {
        self.code.as_ref().map_or("", |code| &code.code)
    }

    /// Returns whether another message says the same of a part of its place: an argument is wrong, so the call is, too.
    pub fn follows(&self, others: &[Message]) -> bool {
        let primary = |message: &Message| message.spans.iter().find(|place| place.is_primary).cloned();
        let inside = |place: &Place, own: &Place| {
            let (bytes, own_bytes) = ((place.byte_start, place.byte_end), (own.byte_start, own.byte_end));
            place.file_name == own.file_name && bytes != own_bytes && own_bytes.0 <= bytes.0 && bytes.1 <= own_bytes.1
        };
        let own = match primary(self) {
            Some(own) => own,
            None => return false,
        };
        let same = others.iter().filter(|other| other.message == self.message && other.code() == self.code());
        same.filter_map(primary).any(|place| inside(&place, &own))
    }

    /// Returns its place in a file of the package, and the place of the macro call that expands to it.
    pub fn places(&self) -> Vec<&Place> {
        let mut places = Vec::new();
        for place in self.spans.iter().filter(|place| place.is_primary) {
            let mut place = place;
            places.push(place);
            while let Some(expansion) = &place.expansion {
                place = &expansion.span;
                places.push(place);
            }
        }
        places.retain(|place| !place.file_name.starts_with('<') && !place.file_name.starts_with('/'));
        places
    }
}
