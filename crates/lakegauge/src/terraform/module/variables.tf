variable "name" {
  description = "In front of the name of everything that is made: two deployments in one account have different names."
  type        = string
  default     = "lakegauge"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,19}$", var.name))
    error_message = "Use at most 20 small letters, digits and hyphens, a letter first."
  }
}

variable "lambda_zip" {
  description = "The zip of lakegauge-lambda. Default: lakegauge-lambda.zip beside these files."
  type        = string
  default     = null
}

variable "architecture" {
  description = "For which processor the zip was built."
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "Lambda knows x86_64 and arm64."
  }
}

variable "emails" {
  description = "Who is told of alarms, besides the e-mail receivers of the config. Each address is asked once whether it agrees."
  type        = list(string)
  default     = []
}

variable "alarm_actions" {
  description = "ARNs that every dataset's alarm calls besides the topic, on ALARM and on OK."
  type        = list(string)
  default     = []
}

variable "remediation_function_arn" {
  description = "A Lambda function of yours that every dataset's alarm invokes on ALARM, with CloudWatch's account of it."
  type        = string
  default     = null
}

variable "state_bucket" {
  description = "An existing bucket for config and state. Default: a bucket is made."
  type        = string
  default     = null
}

variable "state_prefix" {
  description = "Below which prefix of that bucket; no slash at its ends."
  type        = string
  default     = "lakegauge"

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$", var.state_prefix))
    error_message = "Write a prefix such as lakegauge or ops/lakegauge."
  }
}

variable "lake_notifications" {
  description = "Whether to switch on EventBridge notifications of the lake's bucket here. This replaces every notification that the bucket has: leave it false where something else configures them."
  type        = bool
  default     = false
}

variable "log_level" {
  description = "How much the functions log: error, warn, info or debug."
  type        = string
  default     = "info"
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 400
}

variable "memory_mb" {
  description = "Memory of each function; its share of a processor grows with it."
  type        = number
  default     = 256
}

variable "kms_key_arn" {
  description = "A key of yours that encrypts topic, queues, logs, state and the functions' settings. Its policy must let CloudWatch, EventBridge, Scheduler, Logs and the functions use it. Default: keys that AWS keeps."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of everything that is made."
  type        = map(string)
  default     = {}
}
