resource "aws_scheduler_schedule_group" "this" {
  name = var.name
}

# One per distinct deadline and time zone.
resource "aws_scheduler_schedule" "deadline" {
  #checkov:skip=CKV_AWS_297:a schedule contains no data; var.kms_key_arn sets a key
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
    # Written out, because jsonencode would escape the angle brackets that Scheduler replaces.
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

# Covers learned deadlines and quiet periods, makes up for lost events, and sends the heartbeat.
resource "aws_scheduler_schedule" "tick" {
  #checkov:skip=CKV_AWS_297:a schedule contains no data; var.kms_key_arn sets a key
  name                = "tick"
  group_name          = aws_scheduler_schedule_group.this.name
  description         = "Looks at datasets that need it, and sends the heartbeat"
  schedule_expression = "rate(15 minutes)"
  kms_key_arn         = var.kms_key_arn

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_alias.tick["schedule"].arn
    role_arn = aws_iam_role.scheduler.arn
    input    = "{\"lakegauge\":\"tick\",\"at\":\"<aws.scheduler.scheduled-time>\"}"

    # This is about reaching Lambda; the function's result does not matter to Scheduler. Ticks that do not arrive show
    # up in the alarm on dropped calls and in the heartbeat.
    retry_policy {
      maximum_event_age_in_seconds = 900
      maximum_retry_attempts       = 2
    }
  }
}
