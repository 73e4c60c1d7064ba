locals {
  dashboard = "https://${local.region}.console.aws.amazon.com/cloudwatch/home?region=${local.region}#dashboards:name=${var.name}"

  # The metrics of each dataset, each once, however many alarms use it.
  posted = { for name, dataset in local.datasets : name => [
    for metric in distinct([for alarm in dataset.alarms : jsonencode([alarm.metric, alarm.dimensions])]) : { name = jsondecode(metric)[0], dimensions = jsondecode(metric)[1] }
  ] }

  # A dashboard is limited to 500 widgets, of which a dataset has two, and 2,500 metrics; an alarm widget shows 100
  # alarms.
  shown = slice(keys(local.datasets), 0, min(length(local.datasets), 200, floor(2450 / max(1, [for metrics in local.posted : length(metrics)]...))))

  # They are 0 or 1, and would be invisible on an axis of bytes.
  judgements = ["Missing", "Late", "OutsideBand"]

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
            title  = name
            region = local.region
            stat   = "Maximum"
            period = 3600
            yAxis  = { right = { min = 0, max = 1, label = "judgements" } }
            metrics = [for metric in local.posted[name] : concat(
              [local.namespace, metric.name],
              flatten([for key in sort(keys(metric.dimensions)) : [key, metric.dimensions[key]]]),
              contains(local.judgements, metric.name) ? [{ yAxis = "right" }] : [],
            )]
          }
        },
      ] if length(local.datasets[name].alarms) > 0]),
    )
  })
}
