output "topic_arn" {
  description = "The topic for what concerns everybody: subscribe whoever else should know."
  value       = aws_sns_topic.alarms.arn
}

output "receiver_topics" {
  description = "The topics of single receivers, by name."
  value       = { for name, topic in aws_sns_topic.receiver : name => topic.arn }
}

output "unreached" {
  description = "Receivers in the config that cannot be reached yet."
  value       = local.unreached
}

output "dashboard" {
  description = "The URL of the dashboard."
  value       = local.dashboard
}

output "state" {
  description = "Where config and state are stored."
  value       = "s3://${local.state_bucket}/${var.state_prefix}"
}

output "queue_arn" {
  description = "The queue for messages about new objects, for whoever manages the bucket's notifications."
  value       = aws_sqs_queue.objects.arn
}

output "log_groups" {
  description = "The log groups with the evidence of every verdict."
  value       = [for group in aws_cloudwatch_log_group.function : group.name]
}
