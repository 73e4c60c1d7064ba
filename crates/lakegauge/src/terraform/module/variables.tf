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
  description = "Who is told of what concerns everybody, besides the receivers of the config. Each address is asked once whether it agrees."
  type        = list(string)
  default     = []
}

variable "alarm_actions" {
  description = "ARNs that every alarm calls besides its topics, on ALARM and on OK. CloudWatch calls five at most."
  type        = list(string)
  default     = []
}

variable "endpoints" {
  description = "HTTPS addresses of receivers of the config whose address is a secret, by the receiver's name: PagerDuty's (https://events.pagerduty.com/integration/KEY/enqueue), or any that confirms a subscription of SNS by itself. They come to lie in Terraform's state."
  type        = map(string)
  default     = {}
  sensitive   = true
}

variable "slack_channels" {
  description = "Channels of Slack receivers of the config, by the receiver's name. The workspace has to be authorized once, in the console of Amazon Q Developer in chat applications."
  type        = map(object({ workspace_id = string, channel_id = string }))
  default     = {}
}

variable "teams_channels" {
  description = "Channels of Microsoft Teams receivers of the config, by the receiver's name. The team has to be authorized once, in the console of Amazon Q Developer in chat applications."
  type        = map(object({ tenant_id = string, team_id = string, channel_id = string }))
  default     = {}
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
  description = "A key of yours that encrypts topics, queues, logs, state and the functions' settings. Its policy must let CloudWatch, EventBridge, Scheduler, Logs and the functions use it; with `--events s3` S3 as well, and SNS where a topic of yours feeds the queue. Default: keys that AWS keeps."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of everything that is made."
  type        = map(string)
  default     = {}
}
