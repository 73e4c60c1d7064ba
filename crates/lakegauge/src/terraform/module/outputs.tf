output "topic_arn" {
  description = "Where what concerns everybody is told: subscribe whoever else should know."
  value       = aws_sns_topic.alarms.arn
}

output "receiver_topics" {
  description = "The topics of single receivers, by name."
  value       = { for name, topic in aws_sns_topic.receiver : name => topic.arn }
}

output "unreached" {
  description = "Receivers of the config that nobody reaches yet."
  value       = local.unreached
}

output "dashboard" {
  description = "The dashboard, for a browser."
  value       = local.dashboard
}

output "state" {
  description = "Where config and state lie."
  value       = "s3://${local.state_bucket}/${var.state_prefix}"
}

output "queue_arn" {
  description = "Where messages about new objects go, for whoever owns the bucket's notifications."
  value       = aws_sqs_queue.objects.arn
}

output "log_groups" {
  description = "Where the evidence of every verdict is."
  value       = [for group in aws_cloudwatch_log_group.function : group.name]
}
