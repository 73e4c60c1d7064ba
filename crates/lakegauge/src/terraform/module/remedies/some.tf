# An alarm of a dataset with a remedy calls the function `alarm`, which runs the pending remedies, once per incident.
locals {
  remedy_function = {
    alarm = {
      description = "Runs the remedies in the config when an alarm fires"
      timeout     = 120
      ticks       = true
      environment = { LAKEGAUGE_LINK = local.dashboard }
      rights      = ["ListDatasets", "ListState", "ReadConfig", "KeepState", "KeepDeadLetters"]
      own_rights  = { for name, right in local.remedy_rights : name => right if length(right.Resource) > 0 }
    }
  }

  # What the config names, and nothing else.
  remedy_rights = {
    RunRemedies    = { Action = ["lambda:InvokeFunction"], Resource = local.remedies.functions }
    ReadSecrets    = { Action = ["secretsmanager:GetSecretValue"], Resource = local.remedies.secrets }
    ReadParameters = { Action = ["ssm:GetParameter"], Resource = local.remedies.parameters }
  }

  # The function is called when an alarm fires, and every quarter of an hour, which makes up for lost calls and covers
  # partitions that go wrong while their alarm has fired already.
  remedy_calls = {
    fired = {
      qualifier  = null
      expression = null
      input      = null
      pattern = jsonencode({
        source      = ["aws.cloudwatch"]
        detail-type = ["CloudWatch Alarm State Change"]
        detail      = { alarmName = [{ prefix = "${var.name}-" }], state = { value = ["ALARM"] } }
      })
    }
    tick = {
      qualifier  = aws_lambda_alias.tick["alarm"].name
      expression = "rate(15 minutes)"
      input      = jsonencode({ lakegauge = "tick" })
      pattern    = null
    }
  }
}

resource "aws_cloudwatch_event_rule" "remedy" {
  for_each = local.remedy_calls

  name                = "${var.name}-remedy-${each.key}"
  description         = "Calls lakegauge's alarm function"
  event_pattern       = each.value.pattern
  schedule_expression = each.value.expression
}

resource "aws_cloudwatch_event_target" "remedy" {
  for_each = local.remedy_calls

  rule  = aws_cloudwatch_event_rule.remedy[each.key].name
  arn   = join(":", compact([aws_lambda_function.function["alarm"].arn, each.value.qualifier]))
  input = each.value.input
}

resource "aws_lambda_permission" "remedy" {
  for_each = local.remedy_calls

  statement_id  = "remedy-${each.key}"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.function["alarm"].function_name
  qualifier     = each.value.qualifier
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.remedy[each.key].arn
}
