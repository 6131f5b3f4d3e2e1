// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The debug information of the probe, as types of C.
//! Besides its C name each type has a kind, on which a caller in another language must agree: `ptr`, `bool`, `i32`,
//! `u64`, `enum 4`, `struct 8`, `fn(ptr, i32, ...) -> ptr`.

use anyhow::{Context, Result};
use gimli::{AttributeValue, DebuggingInformationEntry as Entry, EndianSlice, LittleEndian};
use object::{Object, ObjectSection};
use std::collections::{BTreeMap, HashMap};

type Slice<'a> = EndianSlice<'a, LittleEndian>;
type Id = usize;

/// A function's parameter may be a function in turn: from this depth on it is a pointer.
const DEPTH: usize = 3;

pub struct Field {
    pub name: String,
    pub offset: u64,
    pub size: u64,
    pub c: String,
    pub kind: String,
    /// The first bit within `offset`, and the number of bits.
    pub bits: Option<(u64, u64)>,
}

pub struct Struct {
    pub size: u64,
    pub align: u64,
    pub fields: Vec<Field>,
}

/// An entry of the debug information with the attributes needed.
struct Node {
    tag: gimli::DwTag,
    name: Option<String>,
    type_: Option<Id>,
    size: Option<u64>,
    offset: u64,
    bit_size: Option<u64>,
    bit_offset: Option<u64>,
    data_bit_offset: Option<u64>,
    encoding: Option<gimli::DwAte>,
    count: Option<u64>,
    value: Option<i64>,
    align: Option<u64>,
    declaration: bool,
    children: Vec<Id>,
}

pub struct Types {
    nodes: HashMap<Id, Node>,
    /// Definitions by tag and name.
    named: BTreeMap<(u16, String), Id>,
    word: u64,
}

fn number(value: AttributeValue<Slice>) -> Option<i64> {
    // Negative values have their own form.
    match value {
        AttributeValue::Sdata(value) => Some(value),
        _ => value.udata_value().map(|value| value as i64),
    }
}

fn node(dwarf: &gimli::Dwarf<Slice>, unit: &gimli::Unit<Slice>, entry: &Entry<Slice>) -> Result<Node> {
    let get = |name| entry.attr_value(name);
    let plain = |name| -> Result<Option<u64>> { Ok(get(name)?.and_then(number).map(|value| value as u64)) };
    let name = match get(gimli::DW_AT_name)? {
        Some(value) => Some(dwarf.attr_string(unit, value)?.to_string_lossy().into_owned()),
        None => None,
    };
    let type_ = match get(gimli::DW_AT_type)? {
        Some(AttributeValue::UnitRef(at)) => Some(at.0),
        _ => None,
    };
    let encoding = match get(gimli::DW_AT_encoding)? {
        Some(AttributeValue::Encoding(encoding)) => Some(encoding),
        _ => None,
    };
    let count = match plain(gimli::DW_AT_count)? {
        Some(count) => Some(count),
        None => plain(gimli::DW_AT_upper_bound)?.map(|last| last.wrapping_add(1)),
    };
    Ok(Node {
        tag: entry.tag(),
        name,
        type_,
        size: plain(gimli::DW_AT_byte_size)?,
        offset: plain(gimli::DW_AT_data_member_location)?.unwrap_or(0),
        bit_size: plain(gimli::DW_AT_bit_size)?,
        bit_offset: plain(gimli::DW_AT_bit_offset)?,
        data_bit_offset: plain(gimli::DW_AT_data_bit_offset)?,
        encoding,
        count,
        value: get(gimli::DW_AT_const_value)?.and_then(number),
        align: plain(gimli::DW_AT_alignment)?,
        declaration: get(gimli::DW_AT_declaration)?.is_some(),
        children: Vec::new(),
    })
}

impl Types {
    pub fn read(file: &object::File) -> Result<Types> {
        let load = |id: gimli::SectionId| -> Result<Slice, gimli::Error> {
            let section = file.section_by_name(id.name());
            let bytes = section.and_then(|section| section.data().ok()).unwrap_or(&[]);
            Ok(EndianSlice::new(bytes, LittleEndian))
        };
        let dwarf = gimli::Dwarf::load(load)?;
        let header = dwarf.units().next()?.context("the probe has no debug information")?;
        let unit = dwarf.unit(header)?;
        let mut nodes: HashMap<Id, Node> = HashMap::new();
        let mut named = BTreeMap::new();
        let mut path: Vec<Id> = Vec::new();
        let mut depth = 0;
        let mut entries = unit.entries();
        while let Some((step, entry)) = entries.next_dfs()? {
            depth += step;
            path.truncate(depth as usize);
            let id = entry.offset().0;
            let node = node(&dwarf, &unit, entry)?;
            if let (1, Some(name), false) = (depth, &node.name, node.declaration) {
                named.insert((node.tag.0, name.clone()), id);
            }
            if let Some(parent) = path.last() {
                nodes.get_mut(parent).context("a parent comes first")?.children.push(id);
            }
            nodes.insert(id, node);
            path.push(id);
        }
        let word = if file.is_64() { 8 } else { 4 };
        Ok(Types { nodes, named, word })
    }

    fn find(&self, tag: gimli::DwTag, name: &str) -> Option<Id> {
        self.named.get(&(tag.0, name.to_string())).copied()
    }

    /// Returns the type behind typedefs and qualifiers; `None` is void.
    fn bare(&self, mut id: Option<Id>) -> Option<Id> {
        use gimli::{DW_TAG_const_type, DW_TAG_typedef, DW_TAG_volatile_type};
        while let Some(node) = id.map(|id| &self.nodes[&id]) {
            if ![DW_TAG_typedef, DW_TAG_const_type, DW_TAG_volatile_type].contains(&node.tag) {
                break;
            }
            id = node.type_;
        }
        id
    }

    fn children(&self, id: Id, tag: gimli::DwTag) -> impl Iterator<Item = (Id, &Node)> {
        let all = self.nodes[&id].children.iter().map(|&child| (child, &self.nodes[&child]));
        all.filter(move |(_, node)| node.tag == tag)
    }

    fn counts(&self, array: Id) -> Vec<u64> {
        self.children(array, gimli::DW_TAG_subrange_type).map(|(_, node)| node.count.unwrap_or(0)).collect()
    }

    fn size(&self, id: Option<Id>) -> u64 {
        let Some(id) = self.bare(id) else { return 0 };
        let node = &self.nodes[&id];
        match node.tag {
            gimli::DW_TAG_pointer_type => self.word,
            gimli::DW_TAG_array_type => self.counts(id).iter().product::<u64>() * self.size(node.type_),
            _ => node.size.unwrap_or(0),
        }
    }

    /// Returns the alignment by System V's ABI, or a type's own `aligned`.
    fn align(&self, id: Option<Id>) -> u64 {
        let mut asked = 1;
        let mut at = id;
        while let Some(node) = at.map(|at| &self.nodes[&at]) {
            asked = asked.max(node.align.unwrap_or(1));
            at = if node.tag == gimli::DW_TAG_typedef { node.type_ } else { None };
        }
        let Some(bare) = self.bare(id) else { return asked };
        let node = &self.nodes[&bare];
        let natural = match node.tag {
            gimli::DW_TAG_array_type => self.align(node.type_),
            gimli::DW_TAG_structure_type | gimli::DW_TAG_union_type => {
                let members = self.children(bare, gimli::DW_TAG_member);
                members.map(|(_, member)| self.align(member.type_).max(member.align.unwrap_or(1))).max().unwrap_or(1)
            }
            _ if self.word == 4 => self.size(Some(bare)).clamp(1, 4),
            _ => self.size(Some(bare)).clamp(1, 16),
        };
        natural.max(asked).max(node.align.unwrap_or(1))
    }

    /// Returns the type in C's notation.
    pub fn c(&self, id: Option<Id>) -> String {
        let Some(node) = id.map(|id| &self.nodes[&id]) else { return "void".to_string() };
        let name = || node.name.clone().unwrap_or_else(|| "{...}".to_string());
        match node.tag {
            gimli::DW_TAG_pointer_type => {
                let target = self.c(node.type_);
                match target.find('(') {
                    Some(at) if self.is_function(node.type_) => {
                        format!("{} (*){}", target[..at].trim_end(), &target[at..])
                    }
                    _ if target.ends_with('*') => format!("{target}*"),
                    _ => format!("{target} *"),
                }
            }
            gimli::DW_TAG_const_type => {
                let inner = self.c(node.type_);
                if inner.ends_with('*') {
                    format!("{inner}const")
                } else {
                    format!("const {inner}")
                }
            }
            gimli::DW_TAG_volatile_type => format!("volatile {}", self.c(node.type_)),
            gimli::DW_TAG_array_type => {
                let counts: String = self.counts(id.unwrap_or(0)).iter().map(|count| format!("[{count}]")).collect();
                format!("{}{counts}", self.c(node.type_))
            }
            gimli::DW_TAG_structure_type => format!("struct {}", name()),
            gimli::DW_TAG_union_type => format!("union {}", name()),
            gimli::DW_TAG_enumeration_type => format!("enum {}", name()),
            gimli::DW_TAG_subroutine_type => {
                let arguments = self.arguments(id.unwrap_or(0), |types, argument| types.c(argument));
                let arguments = if arguments.is_empty() { "void".to_string() } else { arguments.join(", ") };
                let result = self.c(node.type_);
                let space = if result.ends_with('*') { "" } else { " " };
                format!("{result}{space}({arguments})")
            }
            _ => name(),
        }
    }

    fn is_function(&self, id: Option<Id>) -> bool {
        id.is_some_and(|id| self.nodes[&id].tag == gimli::DW_TAG_subroutine_type)
    }

    fn arguments(&self, function: Id, write: impl Fn(&Self, Option<Id>) -> String) -> Vec<String> {
        let children = self.nodes[&function].children.iter().map(|child| &self.nodes[child]);
        let arguments = children.filter_map(|child| match child.tag {
            gimli::DW_TAG_formal_parameter => Some(write(self, child.type_)),
            gimli::DW_TAG_unspecified_parameters => Some("...".to_string()),
            _ => None,
        });
        arguments.collect()
    }

    /// Returns the kind, on which a caller must agree.
    pub fn kind(&self, id: Option<Id>) -> String {
        self.kind_at(id, 0)
    }

    fn kind_at(&self, id: Option<Id>, depth: usize) -> String {
        let Some(bare) = self.bare(id) else { return "void".to_string() };
        let node = &self.nodes[&bare];
        let size = self.size(Some(bare));
        match node.tag {
            gimli::DW_TAG_pointer_type => match self.bare(node.type_) {
                Some(target) if self.is_function(Some(target)) && depth < DEPTH => {
                    self.kind_at(Some(target), depth + 1)
                }
                _ => "ptr".to_string(),
            },
            gimli::DW_TAG_subroutine_type => {
                let arguments = self.arguments(bare, |types, argument| types.kind_at(argument, depth));
                let result = self.kind_at(node.type_, depth);
                let result = if result == "void" { String::new() } else { format!(" -> {result}") };
                format!("fn({}){result}", arguments.join(", "))
            }
            gimli::DW_TAG_base_type => match node.encoding {
                Some(gimli::DW_ATE_boolean) => "bool".to_string(),
                Some(gimli::DW_ATE_float) => format!("f{}", 8 * size),
                Some(gimli::DW_ATE_signed) | Some(gimli::DW_ATE_signed_char) => format!("i{}", 8 * size),
                _ => format!("u{}", 8 * size),
            },
            gimli::DW_TAG_enumeration_type => format!("enum {size}"),
            _ => format!("struct {size}"),
        }
    }

    /// Returns a struct by its tag or typedef.
    pub fn structure(&self, name: &str) -> Option<Struct> {
        let tag = self.find(gimli::DW_TAG_structure_type, name);
        let id = self.bare(Some(tag.or_else(|| self.find(gimli::DW_TAG_typedef, name))?))?;
        let node = &self.nodes[&id];
        if node.declaration || node.size.is_none() || node.tag == gimli::DW_TAG_enumeration_type {
            return None;
        }
        let mut fields = Vec::new();
        self.fields(id, 0, "", &mut fields);
        Some(Struct { size: self.size(Some(id)), align: self.align(Some(id)), fields })
    }

    /// Adds the members, and those of anonymous members.
    fn fields(&self, id: Id, base: u64, prefix: &str, fields: &mut Vec<Field>) {
        for (_, member) in self.children(id, gimli::DW_TAG_member) {
            let size = member.size.unwrap_or_else(|| self.size(member.type_));
            let mut offset = base + member.offset;
            let bits = member.bit_size.map(|count| {
                let first = match (member.data_bit_offset, member.bit_offset) {
                    (Some(first), _) => 8 * base + first,
                    // Counted from the highest bit of the unit.
                    (None, Some(from_top)) => 8 * (offset + size) - from_top - count,
                    (None, None) => 8 * offset,
                };
                offset = first / 8;
                (first % 8, count)
            });
            let name = member.name.as_ref().map(|name| format!("{prefix}{name}"));
            if let Some(name) = &name {
                let (c, kind) = (self.c(member.type_), self.kind(member.type_));
                fields.push(Field { name: name.clone(), offset, size, c, kind, bits });
            }
            let Some(inner) = member.type_ else { continue };
            let array = &self.nodes[&inner];
            // Of an array, the first.
            let (inner, index) = match array.type_ {
                Some(element) if array.tag == gimli::DW_TAG_array_type => (element, "[0]"),
                _ => (inner, ""),
            };
            if self.is_nameless(inner) {
                let prefix = name.map_or(prefix.to_string(), |name| format!("{name}{index}."));
                self.fields(inner, offset, &prefix, fields);
            }
        }
    }

    fn is_nameless(&self, id: Id) -> bool {
        let node = &self.nodes[&id];
        let holds_members = [gimli::DW_TAG_structure_type, gimli::DW_TAG_union_type].contains(&node.tag);
        holds_members && node.name.is_none()
    }

    /// Returns size and values of an enum, by its tag or typedef, or by one of its values.
    pub fn enumeration(&self, name: &str, value: Option<&str>) -> Option<(u64, Vec<(String, i64)>)> {
        let tag = gimli::DW_TAG_enumeration_type;
        let by_value = |value: &str| {
            let mut enums = self.nodes.iter().filter(|(_, node)| node.tag == tag);
            let has = |id: Id| {
                self.children(id, gimli::DW_TAG_enumerator).any(|(_, node)| node.name.as_deref() == Some(value))
            };
            enums.find(|(&id, _)| has(id)).map(|(&id, _)| id)
        };
        let id = self.find(tag, name).or_else(|| self.bare(self.find(gimli::DW_TAG_typedef, name)));
        let id = id.or_else(|| value.and_then(by_value))?;
        let values = self.children(id, gimli::DW_TAG_enumerator);
        let values = values.filter_map(|(_, node)| Some((node.name.clone()?, node.value?))).collect();
        Some((self.size(Some(id)), values))
    }

    /// Returns the type to which a pointer of the probe points.
    pub fn target(&self, variable: &str) -> Option<Id> {
        let pointer = self.bare(self.nodes[&self.find(gimli::DW_TAG_variable, variable)?].type_)?;
        self.nodes[&pointer].type_
    }

    pub fn size_of(&self, id: Id) -> u64 {
        self.size(Some(id))
    }

    pub fn typedef(&self, name: &str) -> Option<Id> {
        self.nodes[&self.find(gimli::DW_TAG_typedef, name)?].type_
    }
}
