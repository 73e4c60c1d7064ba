variable "name" {
  description = "Prefix of the names of all resources: use different ones for two deployments in one account."
  type        = string
  default     = "lakegauge"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,19}$", var.name))
    error_message = "Use at most 20 lower-case letters, digits and hyphens, starting with a letter."
  }
}

variable "lambda_zip" {
  description = "The zip of lakegauge-lambda. Default: lakegauge-lambda.zip in this folder."
  type        = string
  default     = null
}

variable "architecture" {
  description = "The processor architecture of the zip."
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "Use x86_64 or arm64."
  }
}

variable "emails" {
  description = "E-mail addresses for what concerns everybody, besides the receivers in the config. AWS asks each address once for confirmation."
  type        = list(string)
  default     = []
}

variable "alarm_actions" {
  description = "ARNs that every alarm calls besides its topics, on ALARM and on OK. CloudWatch calls at most five."
  type        = list(string)
  default     = []
}

variable "endpoints" {
  description = "HTTPS addresses of receivers in the config whose address is a secret, by the receiver's name: PagerDuty's (https://events.pagerduty.com/integration/KEY/enqueue), or any that confirms an SNS subscription by itself. They are stored in Terraform's state."
  type        = map(string)
  default     = {}
  sensitive   = true
}

variable "slack_channels" {
  description = "Channels of Slack receivers in the config, by the receiver's name. The workspace has to be authorized once, in the console of Amazon Q Developer in chat applications."
  type        = map(object({ workspace_id = string, channel_id = string }))
  default     = {}
}

variable "teams_channels" {
  description = "Channels of Microsoft Teams receivers in the config, by the receiver's name. The team has to be authorized once, in the console of Amazon Q Developer in chat applications."
  type        = map(object({ tenant_id = string, team_id = string, channel_id = string }))
  default     = {}
}

variable "state_bucket" {
  description = "An existing bucket for config and state. Default: a new bucket."
  type        = string
  default     = null
}

variable "state_prefix" {
  description = "The prefix in that bucket, without a slash at either end."
  type        = string
  default     = "lakegauge"

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$", var.state_prefix))
    error_message = "Use a prefix such as lakegauge or ops/lakegauge."
  }
}

variable "lake_notifications" {
  description = "Whether to turn on EventBridge notifications of the lake's bucket here. This replaces all existing notifications of the bucket: leave it false if something else manages them."
  type        = bool
  default     = false
}

variable "log_level" {
  description = "The log level of the functions: error, warn, info or debug."
  type        = string
  default     = "info"
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 400
}

variable "memory_mb" {
  description = "Memory of each function; its CPU share grows with it."
  type        = number
  default     = 256
}

variable "kms_key_arn" {
  description = "A KMS key that encrypts topics, queues, logs, state and the functions' settings. Its policy must allow CloudWatch, EventBridge, Scheduler, Logs and the functions to use it; with `--events s3` also S3, and SNS if a topic of yours feeds the queue. Default: AWS-managed keys."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of all resources."
  type        = map(string)
  default     = {}
}
