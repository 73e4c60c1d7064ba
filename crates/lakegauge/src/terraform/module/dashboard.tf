locals {
  dashboard = "https://${local.region}.console.aws.amazon.com/cloudwatch/home?region=${local.region}#dashboards:name=${var.name}"

  # A dashboard holds 500 widgets; a dataset has two, and an alarm widget shows 100 alarms.
  shown = slice(keys(local.datasets), 0, min(length(local.datasets), 200))

  own_alarms = concat(
    [aws_cloudwatch_metric_alarm.heartbeat.arn, aws_cloudwatch_metric_alarm.backlog.arn],
    [for alarm in aws_cloudwatch_metric_alarm.trouble : alarm.arn],
  )
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = concat(
      [
        {
          type       = "alarm"
          width      = 12
          height     = 4
          properties = { title = "lakegauge itself", alarms = local.own_alarms }
        },
        {
          type   = "metric"
          width  = 12
          height = 4
          properties = {
            title   = "Runs"
            region  = local.region
            stat    = "Sum"
            period  = 900
            metrics = [for name in keys(local.functions) : ["AWS/Lambda", "Invocations", "FunctionName", "${var.name}-${name}"]]
          }
        },
      ],
      flatten([for name in local.shown : [
        {
          type   = "alarm"
          width  = 12
          height = 4
          properties = {
            title  = name
            alarms = [for key in keys(local.datasets[name].alarms) : aws_cloudwatch_metric_alarm.dataset["${name}/${key}"].arn]
          }
        },
        {
          type   = "metric"
          width  = 12
          height = 4
          properties = {
            title   = name
            region  = local.region
            stat    = "Maximum"
            period  = 3600
            metrics = [for alarm in local.datasets[name].alarms : concat([local.namespace, alarm.metric], flatten([for key in sort(keys(alarm.dimensions)) : [key, alarm.dimensions[key]]]))]
          }
        },
      ] if length(local.datasets[name].alarms) > 0]),
    )
  })
}
