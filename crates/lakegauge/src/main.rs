//! The front door.

#[cfg(test)]
mod demo;
#[expect(dead_code, reason = "the verbs that show it are not there yet")]
#[cfg_attr(not(test), expect(unused_imports, reason = "the verbs that show it are not there yet"))]
mod show;

fn main() {}
