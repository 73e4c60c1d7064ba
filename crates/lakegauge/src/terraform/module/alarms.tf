locals {
  # Defaults of an alarm, unless its dataset says otherwise. A value is posted when a partition is judged; until the
  # next one, the alarm keeps its state.
  usual = {
    severity            = "critical"
    period              = 60
    evaluation_periods  = 1
    datapoints_to_alarm = 1
    missing_data        = "ignore"
  }

  # Every alarm of every dataset, as DATASET/ALARM.
  alarms = merge([for name, dataset in local.datasets : {
    for key, alarm in dataset.alarms : "${name}/${key}" => merge(local.usual, alarm, { dataset = name })
  }]...)
}

resource "aws_cloudwatch_metric_alarm" "dataset" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = local.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = each.value.period
  evaluation_periods  = each.value.evaluation_periods
  datapoints_to_alarm = each.value.datapoints_to_alarm
  treat_missing_data  = each.value.missing_data
  alarm_actions       = local.told[each.value.dataset]
  ok_actions          = local.told[each.value.dataset]
  tags                = { Dataset = each.value.dataset, Severity = each.value.severity }
}

# Missing heartbeats are an alarm.
resource "aws_cloudwatch_metric_alarm" "heartbeat" {
  alarm_name          = "${var.name}-heartbeat"
  alarm_description   = "lakegauge has sent no heartbeat for half an hour: no dataset is watched. See the log group ${aws_cloudwatch_log_group.function["schedule"].name}."
  namespace           = local.namespace
  metric_name         = "Heartbeat"
  dimensions          = { Deployment = var.name }
  statistic           = "Sum"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 900
  evaluation_periods  = 2
  datapoints_to_alarm = 2
  treat_missing_data  = "breaching"
  alarm_actions       = local.everybody
  ok_actions          = local.everybody
}

locals {
  # lakegauge's own health: each of these must be zero.
  troubles = merge(local.function_troubles, {
    dead-letters = {
      description = "A failed message is in ${aws_sqs_queue.dead.name}: read it, fix the cause, then redrive or purge."
      namespace   = "AWS/SQS"
      metric      = "ApproximateNumberOfMessagesVisible"
      dimensions  = { QueueName = aws_sqs_queue.dead.name }
    }
    schedule-failures = {
      description = "EventBridge Scheduler could not call the schedule function."
      namespace   = "AWS/Scheduler"
      metric      = "TargetErrorCount"
      dimensions  = { ScheduleGroup = aws_scheduler_schedule_group.this.name }
    }
    schedule-drops = {
      description = "EventBridge Scheduler gave up a call of the schedule function: the next tick does its work."
      namespace   = "AWS/Scheduler"
      metric      = "InvocationDroppedCount"
      dimensions  = { ScheduleGroup = aws_scheduler_schedule_group.this.name }
    }
  })

  function_troubles = merge([for name, function in aws_lambda_function.function : {
    "${name}-errors" = {
      description = "The ${name} function failed. See the log group ${aws_cloudwatch_log_group.function[name].name}."
      namespace   = "AWS/Lambda"
      metric      = "Errors"
      dimensions  = { FunctionName = function.function_name }
    }
    "${name}-throttles" = {
      description = "The ${name} function was throttled: raise the account's quota of concurrent executions."
      namespace   = "AWS/Lambda"
      metric      = "Throttles"
      dimensions  = { FunctionName = function.function_name }
    }
  }]...)
}

resource "aws_cloudwatch_metric_alarm" "trouble" {
  for_each = local.troubles

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.everybody
  ok_actions          = local.everybody
}

# Messages that wait for an hour are not being handled: the functions are stuck or too slow.
resource "aws_cloudwatch_metric_alarm" "backlog" {
  alarm_name          = "${var.name}-backlog"
  alarm_description   = "S3 events have been waiting for more than an hour in ${aws_sqs_queue.objects.name}. See the log group ${aws_cloudwatch_log_group.function["objects"].name}."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = aws_sqs_queue.objects.name }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 3600
  period              = 300
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.everybody
  ok_actions          = local.everybody
}
