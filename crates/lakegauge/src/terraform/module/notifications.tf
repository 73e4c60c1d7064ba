# Where alarms are sent. The topic `alarms` gets what concerns everybody: lakegauge's own problems, and datasets
# without a receiver. Each receiver that a dataset names also has its own topic.
locals {
  notify = { for name, dataset in local.datasets : name => try(dataset.notify, []) }
  named  = toset(flatten(values(local.notify)))

  # Receivers with their own topic. An existing topic is used directly.
  topical = { for name, receiver in local.receivers : name => receiver if contains(local.named, name) && receiver.kind != "sns" }

  # The topics of a dataset's alarms: those of its receivers, or the one for everybody.
  topic_of = merge(
    { for name, topic in aws_sns_topic.receiver : name => topic.arn },
    { for name, receiver in local.receivers : name => receiver.address if receiver.kind == "sns" },
  )
  everybody = concat([aws_sns_topic.alarms.arn], [for receiver in local.receivers : receiver.address if receiver.kind == "sns"], var.alarm_actions)
  told      = { for name, named in local.notify : name => length(named) == 0 ? local.everybody : concat([for receiver in named : local.topic_of[receiver]], var.alarm_actions) }

  # The protocol and address of each receiver in SNS. Secret addresses come from var.endpoints.
  addresses = merge(
    { for name, receiver in local.receivers : name => { protocol = "email", endpoint = receiver.address } if receiver.kind == "email" },
    { for name in nonsensitive(keys(var.endpoints)) : name => { protocol = "https", endpoint = var.endpoints[name] } },
    { for address in var.emails : address => { protocol = "email", endpoint = address } },
  )
  subscriptions = merge(
    { for name in keys(local.addresses) : "alarms/${name}" => { topic = aws_sns_topic.alarms.arn, of = name } },
    { for name in keys(local.topical) : "${name}/${name}" => { topic = aws_sns_topic.receiver[name].arn, of = name } if contains(keys(local.addresses), name) },
  )

  # Receivers that cannot be reached yet.
  unreached = [for name, receiver in local.receivers : name if receiver.kind != "sns" && !contains(concat(keys(local.addresses), keys(var.slack_channels), keys(var.teams_channels)), name)]
}

resource "aws_sns_topic" "alarms" {
  #checkov:skip=CKV_AWS_26:CloudWatch cannot publish to a topic with the AWS-managed SNS key; var.kms_key_arn sets a key
  name              = "${var.name}-alarms"
  kms_master_key_id = var.kms_key_arn
}

resource "aws_sns_topic" "receiver" {
  #checkov:skip=CKV_AWS_26:CloudWatch cannot publish to a topic with the AWS-managed SNS key; var.kms_key_arn sets a key
  for_each = local.topical

  name              = "${var.name}-alarms-${each.value.topic}"
  kms_master_key_id = var.kms_key_arn
}

resource "aws_sns_topic_policy" "alarms" {
  for_each = merge({ alarms = aws_sns_topic.alarms.arn }, { for name, topic in aws_sns_topic.receiver : "to ${name}" => topic.arn })

  arn = each.value

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Alarms"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = each.value
      Condition = {
        ArnLike      = { "aws:SourceArn" = "arn:${data.aws_partition.current.partition}:cloudwatch:${local.region}:${local.account}:alarm:${var.name}-*" }
        StringEquals = { "aws:SourceAccount" = local.account }
      }
    }]
  })
}

# AWS sends each e-mail address a confirmation link, once per topic. Without it, no alarms are sent to the address.
resource "aws_sns_topic_subscription" "receiver" {
  for_each = local.subscriptions

  topic_arn              = each.value.topic
  protocol               = local.addresses[each.value.of].protocol
  endpoint               = local.addresses[each.value.of].endpoint
  endpoint_auto_confirms = local.addresses[each.value.of].protocol == "https"
}

check "receivers" {
  assert {
    condition     = length(local.unreached) == 0
    error_message = "These receivers in the config cannot be reached: ${join(", ", local.unreached)}. Set their channel in var.slack_channels or var.teams_channels, or their address in var.endpoints."
  }
}
