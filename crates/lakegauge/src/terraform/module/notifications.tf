# Where alarms are told. The topic `alarms` has what concerns everybody: lakegauge's own troubles, and datasets that name
# no receiver. A receiver that some dataset names has a topic of its own besides.
locals {
  notify = { for name, dataset in local.datasets : name => try(dataset.notify, []) }
  named  = toset(flatten(values(local.notify)))

  # Receivers with a topic of their own. A topic that exists already is told directly.
  topical = { for name, receiver in local.receivers : name => receiver if contains(local.named, name) && receiver.kind != "sns" }

  # Where the alarms of a dataset are told: what it names, or else everybody.
  topic_of = merge(
    { for name, topic in aws_sns_topic.receiver : name => topic.arn },
    { for name, receiver in local.receivers : name => receiver.address if receiver.kind == "sns" },
  )
  everybody = concat([aws_sns_topic.alarms.arn], [for receiver in local.receivers : receiver.address if receiver.kind == "sns"], var.alarm_actions)
  told      = { for name, named in local.notify : name => length(named) == 0 ? local.everybody : concat([for receiver in named : local.topic_of[receiver]], var.alarm_actions) }

  # By which protocol SNS reaches a receiver, and where. Addresses that are secrets come from var.endpoints.
  addresses = merge(
    { for name, receiver in local.receivers : name => { protocol = "email", endpoint = receiver.address } if receiver.kind == "email" },
    { for name in nonsensitive(keys(var.endpoints)) : name => { protocol = "https", endpoint = var.endpoints[name] } },
    { for address in var.emails : address => { protocol = "email", endpoint = address } },
  )
  subscriptions = merge(
    { for name in keys(local.addresses) : "alarms/${name}" => { topic = aws_sns_topic.alarms.arn, of = name } },
    { for name in keys(local.topical) : "${name}/${name}" => { topic = aws_sns_topic.receiver[name].arn, of = name } if contains(keys(local.addresses), name) },
  )

  # Nobody reaches these yet.
  unreached = [for name, receiver in local.receivers : name if receiver.kind != "sns" && !contains(concat(keys(local.addresses), keys(var.slack_channels), keys(var.teams_channels)), name)]
}

resource "aws_sns_topic" "alarms" {
  #checkov:skip=CKV_AWS_26:CloudWatch cannot publish to a topic under the key that AWS keeps for SNS; var.kms_key_arn brings a key
  name              = "${var.name}-alarms"
  kms_master_key_id = var.kms_key_arn
}

resource "aws_sns_topic" "receiver" {
  #checkov:skip=CKV_AWS_26:CloudWatch cannot publish to a topic under the key that AWS keeps for SNS; var.kms_key_arn brings a key
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

# An e-mail address is told nothing before the link in the message that AWS sends to it has been followed, once a topic.
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
    error_message = "Nobody is told by these receivers of the config: ${join(", ", local.unreached)}. Give their channel in var.slack_channels or var.teams_channels, or their address in var.endpoints."
  }
}
