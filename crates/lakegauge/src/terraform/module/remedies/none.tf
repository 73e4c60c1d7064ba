# No dataset has a remedy: `remediate` in the config runs a function or a DAG of yours on an alarm.
locals {
  remedy_function = {}
}
