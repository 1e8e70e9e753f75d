//! Documents: every record becomes objects within objects. A table tells where in the document each
//! value stands; members without a value and objects without a member are left out, and fields that
//! the table does not have are gathered in one place. Keys stand in the order of their bytes.

use super::cells::{DATES, Writer, number};
use crate::render::json::string;
use crate::render::key;
use crate::schema::{Cell, Field, FieldName, Heading};

/// A member of a document: its path, with dots, and what it holds.
pub type Member = (&'static str, Value);

/// What a member holds.
#[derive(Clone, Copy)]
pub enum Value {
    /// The same JSON in every document.
    Same(&'static str),
    /// A field; numbers are numbers, everything else is text.
    Of(Field),
    /// A number as text.
    Digits(Field),
    /// A time in RFC 3339, with milliseconds.
    Time(Field),
    /// The same, of the first of two fields that has one.
    Either(Field, Field),
    /// A time in milliseconds since the Unix epoch.
    Millis(Field),
    /// A field, in records of which this holds.
    If(fn(&Row<'_>) -> bool, Field),
    /// What the function appends, if anything, where the format has one of these fields.
    Made(&'static [Field], fn(&Row<'_>, &mut Vec<u8>)),
    /// What the function appends, if anything, whatever the format has.
    Always(fn(&Row<'_>, &mut Vec<u8>)),
    /// What the function makes of a column of this name, which is no field of AWS's.
    Named(&'static str, Shape),
    /// The same of the column that stands there.
    Column(usize, Shape),
}

/// Appends what a value is in a document, if anything.
pub type Shape = fn(&Cell<'_>, &mut Vec<u8>);

impl Value {
    /// Whether it is made of a field.
    fn has(&self, wanted: Field) -> bool {
        match self {
            Value::Same(_) | Value::Always(_) | Value::Named(..) | Value::Column(..) => false,
            Value::Either(first, second) => *first == wanted || *second == wanted,
            Value::Of(field)
            | Value::Digits(field)
            | Value::Time(field)
            | Value::Millis(field)
            | Value::If(_, field) => *field == wanted,
            Value::Made(fields, _) => fields.contains(&wanted),
        }
    }

    /// Whether it is made of a column of this name.
    fn is_made_of(&self, name: &FieldName) -> bool {
        match (self, name) {
            (Value::Named(wanted, _), name) => name.name() == *wanted,
            (value, FieldName::Known(field)) => value.has(*field),
            (_, FieldName::Enriched(_) | FieldName::Other(_)) => false,
        }
    }

    /// The value in documents of records that have these columns; none where it never has one.
    fn within(self, names: &[FieldName]) -> Option<Value> {
        match self {
            Value::Same(_) | Value::Always(_) => Some(self),
            Value::Named(_, shape) => {
                names.iter().position(|name| self.is_made_of(name)).map(|column| Value::Column(column, shape))
            }
            _ => names.iter().any(|name| self.is_made_of(name)).then_some(self),
        }
    }

    /// Appends the value as JSON; nothing where there is none.
    #[inline]
    fn write(&self, row: &Row<'_>, writer: &mut Writer, out: &mut Vec<u8>) {
        match *self {
            Value::Same(json) => out.extend_from_slice(json.as_bytes()),
            Value::Of(field) => writer.json(&row.get(field), out),
            Value::Digits(field) => {
                if let Some(value) = row.number(field) {
                    out.push(b'"');
                    number(value, out);
                    out.push(b'"');
                }
            }
            Value::Time(field) => date(row.date(field), writer, out),
            Value::Either(first, second) => date(row.date(first).or(row.date(second)), writer, out),
            Value::Millis(field) => row.date(field).into_iter().for_each(|seconds| number(seconds * 1000, out)),
            Value::If(holds, field) => {
                if holds(row) {
                    writer.json(&row.get(field), out);
                }
            }
            Value::Made(_, make) | Value::Always(make) => make(row, out),
            // `Document::new` has made a column of it, or left it out.
            Value::Named(..) => {}
            Value::Column(column, shape) => shape(&row.cells[column], out),
        }
    }
}

fn date(seconds: Option<u64>, writer: &mut Writer, out: &mut Vec<u8>) {
    if let Some(seconds) = seconds {
        writer.json(&Cell::Time(seconds), out);
        // `Z"` goes.
        out.truncate(out.len() - 2);
        out.extend_from_slice(b".000Z\"");
    }
}

/// A record whose values are found by their fields.
pub struct Row<'a> {
    cells: &'a [Cell<'a>],
    /// The column of every field; `ABSENT` for those that the format lacks.
    places: &'a [usize],
}

const ABSENT: usize = usize::MAX;

impl<'a> Row<'a> {
    /// The value of a field.
    #[inline]
    pub fn get(&self, field: Field) -> Cell<'a> {
        self.cells.get(self.places[field as usize]).copied().unwrap_or(Cell::None)
    }

    /// The text of a field; empty where there is none.
    #[inline]
    pub fn text(&self, field: Field) -> &'a [u8] {
        match self.get(field) {
            Cell::Text(text) => text,
            _ => b"",
        }
    }

    /// The number, port or protocol in a field.
    #[inline]
    pub fn number(&self, field: Field) -> Option<u64> {
        match self.get(field) {
            Cell::Number(number) => Some(number),
            Cell::Protocol(number) => Some(number.into()),
            _ => None,
        }
    }

    /// The time in a field, if it can be written as a date: seconds since the Unix epoch.
    #[inline]
    pub fn date(&self, field: Field) -> Option<u64> {
        match self.get(field) {
            Cell::Time(seconds) if seconds < DATES => Some(seconds),
            _ => None,
        }
    }

    /// Whether a field holds a time that is no date.
    pub fn is_no_date(&self, field: Field) -> bool {
        self.get(field) != Cell::None && self.date(field).is_none()
    }

    pub fn has(&self, field: Field) -> bool {
        self.get(field) != Cell::None
    }
}

/// What the records of one format become.
pub struct Document {
    root: Node,
    places: Vec<usize>,
}

/// A member, with what stands before its value: `"name":` or `"name":{`.
enum Node {
    Member(Vec<u8>, Value),
    Object(Vec<u8>, Vec<Node>),
}

impl Document {
    /// The document of records with these columns. Fields that `table` does not have become members
    /// of the object at `rest`.
    pub fn new(table: &[Member], rest: &str, headings: &[Heading]) -> Document {
        let names: Vec<FieldName> = headings.iter().map(|heading| FieldName::parse(heading.name.as_bytes())).collect();
        let mut places = vec![ABSENT; Field::all().count()];
        for (i, name) in names.iter().enumerate() {
            if let FieldName::Known(field) = name {
                places[*field as usize] = i;
            }
        }
        let mut taken: Vec<Vec<String>> = table.iter().map(|(path, _)| split(path)).collect();
        let members = taken.iter().zip(table);
        let mut members: Vec<(Vec<String>, Value)> =
            members.filter_map(|(path, (_, value))| Some((path.clone(), value.within(&names)?))).collect();
        for (i, name) in names.iter().enumerate() {
            if !table.iter().any(|(_, value)| value.is_made_of(name)) {
                let mut path = split(rest);
                path.push(key(name.aws_name()));
                while taken.iter().any(|other| meet(other, &path)) {
                    path.last_mut().expect("a name").push('_');
                }
                taken.push(path.clone());
                members.push((path, Value::Column(i, as_it_is)));
            }
        }
        members.sort_by(|a, b| a.0.cmp(&b.0));
        Document { root: Node::Object(b"{".to_vec(), nest(&members, 0)), places }
    }

    /// Appends the document of a record.
    pub fn write(&self, cells: &[Cell<'_>], writer: &mut Writer, out: &mut Vec<u8>) {
        self.root.write(&Row { cells, places: &self.places }, writer, out);
        // The comma behind the last member.
        out.pop();
    }
}

fn split(path: &str) -> Vec<String> {
    path.split('.').map(String::from).collect()
}

/// Whether two paths cannot both be members of one document.
fn meet(a: &[String], b: &[String]) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

/// Makes objects of sorted members, of whose paths the first `depth` names are those of objects
/// around them.
fn nest(members: &[(Vec<String>, Value)], depth: usize) -> Vec<Node> {
    let groups = members.chunk_by(|a, b| a.0[depth] == b.0[depth]);
    let node = |group: &[(Vec<String>, Value)]| {
        let (path, value) = &group[0];
        let mut before = string(&path[depth]).into_bytes();
        before.push(b':');
        if path.len() == depth + 1 {
            return Node::Member(before, *value);
        }
        before.push(b'{');
        Node::Object(before, nest(group, depth + 1))
    };
    groups.map(node).collect()
}

impl Node {
    /// Appends the node and a comma; nothing where there is no value.
    fn write(&self, row: &Row<'_>, writer: &mut Writer, out: &mut Vec<u8>) {
        let start = out.len();
        let (Node::Member(before, _) | Node::Object(before, _)) = self;
        out.extend_from_slice(before);
        let begin = out.len();
        match self {
            Node::Member(_, value) => value.write(row, writer, out),
            Node::Object(_, nodes) => {
                nodes.iter().for_each(|node| node.write(row, writer, out));
                // The comma behind the last member.
                if out.len() > begin {
                    out.pop();
                    out.push(b'}');
                }
            }
        }
        if out.len() == begin {
            out.truncate(start);
        } else {
            out.push(b',');
        }
    }
}

/// Appends a value of any column: numbers are numbers, everything else is text.
pub fn as_it_is(cell: &Cell<'_>, out: &mut Vec<u8>) {
    // Only times need what a writer remembers.
    Writer::default().json(cell, out);
}

/// Appends text that needs no escapes as a JSON string.
pub fn quoted(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(text);
    out.push(b'"');
}

/// Appends an address as a JSON string; nothing where there is none.
pub fn address(cell: &Cell<'_>, out: &mut Vec<u8>) {
    if let Cell::V4(_) | Cell::V6(_) = cell {
        as_it_is(cell, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Kind;

    fn document(table: &[Member], names: &[&str], cells: &[Cell<'_>]) -> String {
        let heading = |name: &&str| Heading { name: name.to_string(), kind: Kind::Text };
        let headings: Vec<Heading> = names.iter().map(heading).collect();
        let mut out = b"before ".to_vec();
        Document::new(table, "r.est", &headings).write(cells, &mut Writer::default(), &mut out);
        String::from_utf8(out).expect("UTF-8")
    }

    const TABLE: &[Member] = &[
        ("same", Value::Same("1")),
        ("a.b.number", Value::Of(Field::Bytes)),
        ("a.b.digits", Value::Digits(Field::Bytes)),
        ("a.c.time", Value::Time(Field::End)),
        ("a.c.millis", Value::Millis(Field::End)),
        ("a.c.either", Value::Either(Field::Start, Field::End)),
        ("a.named", Value::Named("x-name", as_it_is)),
        ("a.named_again", Value::Named("x-name", |cell, out| number((*cell != Cell::None).into(), out))),
        ("r.est.odd", Value::If(|row| row.is_no_date(Field::End), Field::End)),
        ("r.made", Value::Made(&[Field::SrcIp, Field::DstIp], |row, out| address(&row.get(Field::SrcIp), out))),
        ("always", Value::Always(|row, out| number(row.number(Field::Bytes).unwrap_or(7), out))),
    ];

    #[test]
    fn values_stand_where_the_table_says() {
        let names = ["bytes", "end", "src-ip", "action"];
        let cells = [Cell::Number(5), Cell::Time(60), Cell::V4(1), Cell::Text(b"A\x1b\"")];
        let text = concat!(
            r#"before {"a":{"b":{"digits":"5","number":5},"c":{"either":"1970-01-01T00:01:00.000Z","millis":60000,"#,
            r#""time":"1970-01-01T00:01:00.000Z"}},"#,
            r#""always":5,"r":{"est":{"action":"A\u001b\""},"made":"0.0.0.1"},"same":1}"#,
        );
        assert_eq!(document(TABLE, &names, &cells), text);
    }

    #[test]
    fn what_has_no_value_is_left_out() {
        assert_eq!(document(TABLE, &["bytes", "end", "x"], &[Cell::None; 3]), r#"before {"always":7,"same":1}"#);
        assert_eq!(document(TABLE, &[], &[]), r#"before {"always":7,"same":1}"#);
        let late = r#"before {"always":7,"r":{"est":{"odd":"99999999999999"}},"same":1}"#;
        assert_eq!(document(TABLE, &["end"], &[Cell::Time(99_999_999_999_999)]), late);
    }

    #[test]
    fn columns_are_found_by_their_names() {
        let text = r#"before {"a":{"named":"v","named_again":1},"always":7,"same":1}"#;
        assert_eq!(document(TABLE, &["X_NAME"], &[Cell::Text(b"v")]), text);
        let none = r#"before {"a":{"named_again":0},"always":7,"same":1}"#;
        assert_eq!(document(TABLE, &["x-name"], &[Cell::None]), none);
    }

    #[test]
    fn no_name_is_given_twice() {
        let value = Cell::Text(b"v");
        let text = r#"before {"always":7,"r":{"est":{"a_b":"v","a_b_":"v","odd_":"v","vpc_id":"v"}},"same":1}"#;
        assert_eq!(document(TABLE, &["odd", "a.b", "a-b", "vpc-id"], &[value; 4]), text);
    }
}
