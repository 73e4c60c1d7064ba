//! Real incidents. Each test says where its incident was told and what is right.

mod how_much;
mod when;
