# No dataset has a remedy. With `remediate` in the config, an alarm runs your function or DAG.
locals {
  remedy_function = {}
}
