use super::super::lists::column;
use super::*;
use std::io::Cursor;

const COLUMNS: [Column; 2] = [column(w::ID, 10.0), column(w::OBSERVED, 40.0)];

fn book() -> Book {
    let book = Book::new(&Style::plain(100, Lang::En), Timestamp::UNIX_EPOCH, "&C&P".to_owned());
    book.expect("an empty workbook can be made")
}

#[test]
fn rows_beyond_a_sheet_go_on_in_the_next() {
    let mut book = book();
    let row = |n: u64| vec![Cell::Count(n), Cell::Text("=1+1".to_owned())];
    let mut look = Look::new(&COLUMNS, "nothing");
    look.rows_max = 3;
    let sheets = book.table("Changes", &look, (0..7).map(row).collect()).unwrap();
    let expected = [("Changes", 3), ("Changes (2)", 3), ("Changes (3)", 1)];
    assert_eq!(sheets, expected.map(|(name, last)| (name.to_owned(), last)));
    let three = book.table("Evidence", &look, (0..3).map(row).collect()).unwrap();
    assert_eq!(three, [("Evidence".to_owned(), 3)]);
    let none = book.table("Subjects", &look, Vec::new()).unwrap();
    assert_eq!(none, [("Subjects".to_owned(), 0)]);
    let bytes = book.finish().unwrap();
    let mut archive = zip_pure::ZipArchive::new(Cursor::new(bytes)).unwrap();
    assert!(archive.by_name("xl/worksheets/sheet5.xml").is_ok());
    assert!(archive.by_name("xl/worksheets/sheet6.xml").is_err());
}

#[test]
fn what_a_cell_cannot_take_is_cut_and_marked() {
    assert_eq!(fitting("a".repeat(UNITS_MAX)).len(), UNITS_MAX);
    let cut = fitting("a".repeat(UNITS_MAX + 1));
    assert_eq!((cut.encode_utf16().count(), cut.ends_with('…')), (UNITS_MAX, true));
    let wide = fitting("\u{1f512}".repeat(UNITS_MAX));
    assert!(wide.encode_utf16().count() <= UNITS_MAX && wide.ends_with('…'));
    // Three bytes each, but one unit: it fits and stays whole.
    assert_eq!(fitting("安".repeat(20_000)).chars().count(), 20_000);
}

#[test]
fn lines_are_counted_as_they_wrap() {
    assert_eq!(lines("", 10), 1);
    assert_eq!(lines("0123456789", 10), 1);
    assert_eq!(lines("0123456789a", 10), 2);
    assert_eq!(lines("one two three", 10), 2);
    assert_eq!(lines("安基检查报告", 10), 2);
    assert_eq!(lines("a\nb\n\nc", 10), 4);
    assert_eq!(lines(&"x".repeat(95), 10), 10);
    assert!(
        (height(&COLUMNS, &[Cell::Blank, Cell::Text("x\n".repeat(99))], Lang::En) - 409.0).abs()
            < 0.1
    );
}
