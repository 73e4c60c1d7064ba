//! The program against real S3 servers: signatures, odd keys, and faults on the wire.

mod bucket;
mod faults;
mod ministack;
mod seaweedfs;
