//! Values of columns that tell more of an address: codes and names of places, points, numbers of
//! networks. What a schema has two members for, a code and a name, is told apart by its look; what is
//! not of the form that a member wants, is none of it.

use super::document::as_it_is;
use crate::render::json;
use crate::schema::Cell;

/// Appends `DE`, `EU`, `DE-BE`: codes of countries, continents, and regions of countries.
pub fn code(cell: &Cell<'_>, out: &mut Vec<u8>) {
    match *cell {
        Cell::Text(text) if is_code(text) => json::text(text, out),
        _ => {}
    }
}

/// Appends what is no code.
pub fn name(cell: &Cell<'_>, out: &mut Vec<u8>) {
    match *cell {
        Cell::Text(text) if is_code(text) => {}
        ref other => as_it_is(other, out),
    }
}

fn is_code(text: &[u8]) -> bool {
    let (country, region) = text.split_at(text.len().min(2));
    let is_region = match region {
        [] => true,
        [b'-', region @ ..] => {
            (1..=3).contains(&region.len()) && region.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        }
        _ => false,
    };
    is_region && country.len() == 2 && country.iter().all(u8::is_ascii_uppercase)
}

/// Appends the number of a network: a number, its digits, or these behind `AS`.
pub fn number(cell: &Cell<'_>, out: &mut Vec<u8>) {
    if let Some(number) = asn(cell) {
        super::cells::number(number, out);
    }
}

/// Appends what is no number of a network.
pub fn no_number(cell: &Cell<'_>, out: &mut Vec<u8>) {
    if asn(cell).is_none() {
        as_it_is(cell, out);
    }
}

fn asn(cell: &Cell<'_>) -> Option<u64> {
    match *cell {
        Cell::Number(number) => Some(number),
        Cell::Text(text) => {
            let digits = text.strip_prefix(b"AS").unwrap_or(text);
            let all = digits.iter().all(u8::is_ascii_digit);
            all.then(|| std::str::from_utf8(digits).ok()?.parse::<u32>().ok()).flatten().map(u64::from)
        }
        _ => None,
    }
}

/// A point, as it was written: numbers of JSON.
pub struct Place<'a> {
    pub latitude: &'a str,
    pub longitude: &'a str,
}

impl<'a> Place<'a> {
    /// Reads `52.5,13.4`.
    pub fn of(cell: &Cell<'a>) -> Option<Place<'a>> {
        let Cell::Text(text) = cell else { return None };
        let (latitude, longitude) = std::str::from_utf8(text).ok()?.split_once(',')?;
        let within =
            |text: &str, most: f64| is_decimal(text) && text.parse::<f64>().is_ok_and(|number| number.abs() <= most);
        (within(latitude, 90.0) && within(longitude, 180.0)).then_some(Place { latitude, longitude })
    }
}

/// A number as JSON has it, without an exponent.
fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    is_digits(whole) && is_digits(fraction) && (whole == "0" || !whole.starts_with('0'))
}

/// Appends what is no point.
pub fn no_place(cell: &Cell<'_>, out: &mut Vec<u8>) {
    if Place::of(cell).is_none() {
        as_it_is(cell, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(shape: fn(&Cell<'_>, &mut Vec<u8>), text: &str) -> String {
        let mut out = Vec::new();
        shape(&Cell::Text(text.as_bytes()), &mut out);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn codes_and_names() {
        for text in ["DE", "EU", "DE-BE", "GB-ENG", "CN-22"] {
            assert_eq!((made(code, text), made(name, text)), (format!("\"{text}\""), String::new()));
        }
        for text in ["Germany", "de", "D", "DEU", "DE-", "DE-BERLIN", "Zürich"] {
            assert_eq!((made(code, text), made(name, text)), (String::new(), format!("\"{text}\"")));
        }
        assert_eq!((made(code, ""), made(name, "")), (String::new(), "\"\"".into()));
    }

    #[test]
    fn numbers_of_networks() {
        for text in ["13335", "AS13335"] {
            assert_eq!((made(number, text), made(no_number, text)), ("13335".into(), String::new()));
        }
        for text in ["anon-13335", "AS", "99999999999", "-1"] {
            assert_eq!((made(number, text), made(no_number, text)), (String::new(), format!("\"{text}\"")));
        }
        let mut out = Vec::new();
        number(&Cell::Number(7), &mut out);
        no_number(&Cell::Number(7), &mut out);
        [number, no_number].iter().for_each(|shape| shape(&Cell::None, &mut out));
        assert_eq!(out, b"7");
    }

    #[test]
    fn points() {
        let point = |text: &str| {
            let cell = Cell::Text(text.as_bytes());
            Place::of(&cell).map(|place| format!("{}|{}", place.latitude, place.longitude))
        };
        assert_eq!(point("52.5,-13.4"), Some("52.5|-13.4".into()));
        assert_eq!(point("-0,0.25"), Some("-0|0.25".into()));
        for text in ["52.5", "91,0", "0,181", "052.5,1", "1.,2", ".5,1", "1e1,1", "52.5, 13.4", "inf,1", "a,b"] {
            assert_eq!((point(text), made(no_place, text)), (None, format!("\"{text}\"")));
        }
        assert_eq!(made(no_place, "1,2"), "");
    }
}
