output "topic_arn" {
  description = "Where alarms are told: subscribe whoever else should know."
  value       = aws_sns_topic.alarms.arn
}

output "dashboard" {
  description = "The dashboard, for a browser."
  value       = "https://${local.region}.console.aws.amazon.com/cloudwatch/home?region=${local.region}#dashboards:name=${aws_cloudwatch_dashboard.this.dashboard_name}"
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
  value       = [aws_cloudwatch_log_group.schedule.name, aws_cloudwatch_log_group.objects.name]
}
