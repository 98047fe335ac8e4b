use super::Book;

pub fn write(_book: &mut Book<'_>) {}
