//! CloudWatch and the AWS around it, as far as it is pure: nothing here sends anything.
//!
//! [`publish`] says which values of a dataset go to CloudWatch, and under which names. [`notice`] reads S3's events.
//! [`deploy`] is what each dataset needs on AWS, [`cost`] what that costs, and [`plan`] what a changed config changes of
//! it.

pub mod cost;
pub mod deploy;
pub mod notice;
pub mod plan;
pub mod publish;
