resource "aws_scheduler_schedule_group" "this" {
  name = var.name
}

# One for each distinct deadline and zone.
resource "aws_scheduler_schedule" "deadline" {
  #checkov:skip=CKV_AWS_297:a schedule holds no data; var.kms_key_arn brings a key
  for_each = { for schedule in distinct([for dataset in local.datasets : dataset.schedule if dataset.schedule != null]) : schedule.name => schedule }

  name                         = each.key
  group_name                   = aws_scheduler_schedule_group.this.name
  description                  = "A deadline: ${each.value.expression} in ${each.value.zone}"
  schedule_expression          = each.value.expression
  schedule_expression_timezone = each.value.zone
  kms_key_arn                  = var.kms_key_arn

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.function["schedule"].arn
    role_arn = aws_iam_role.scheduler.arn
    # Written out: jsonencode would escape the angle brackets that Scheduler replaces.
    input = "{\"lakegauge\":\"deadline\",\"at\":\"<aws.scheduler.scheduled-time>\",\"zone\":\"${each.value.zone}\"}"

    dead_letter_config {
      arn = aws_sqs_queue.dead.arn
    }

    retry_policy {
      maximum_event_age_in_seconds = 3600
      maximum_retry_attempts       = 10
    }
  }
}

# Serves learned deadlines and quiet times, heals what events lost, and is the sign of life.
resource "aws_scheduler_schedule" "tick" {
  #checkov:skip=CKV_AWS_297:a schedule holds no data; var.kms_key_arn brings a key
  name                = "tick"
  group_name          = aws_scheduler_schedule_group.this.name
  description         = "Looks at what needs a look, and says that lakegauge is alive"
  schedule_expression = "rate(15 minutes)"
  kms_key_arn         = var.kms_key_arn

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_alias.tick["schedule"].arn
    role_arn = aws_iam_role.scheduler.arn
    input    = "{\"lakegauge\":\"tick\",\"at\":\"<aws.scheduler.scheduled-time>\"}"

    # About reaching Lambda; what the function says is no concern of Scheduler's. The alarm on dropped calls and the heartbeat
    # tell of ticks that did not get there.
    retry_policy {
      maximum_event_age_in_seconds = 900
      maximum_retry_attempts       = 2
    }
  }
}
