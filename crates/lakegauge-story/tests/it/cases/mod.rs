//! Real incidents. Each test links to the report of its incident and says what the right verdict is.

mod how_much;
mod when;
