# Slack and Teams, with Amazon Q Developer in chat applications (formerly AWS Chatbot). The workspace or team has to
# be authorized once in its console: https://console.aws.amazon.com/chatbot
locals {
  chats = merge(var.slack_channels, var.teams_channels)

  chat_topics = { for name in keys(local.chats) : name => concat([aws_sns_topic.alarms.arn], contains(keys(local.topical), name) ? [aws_sns_topic.receiver[name].arn] : []) }
}

resource "aws_iam_role" "chat" {
  count = length(local.chats) > 0 ? 1 : 0

  name        = "${var.name}-chat-${local.region}"
  description = "Permissions in the channels that lakegauge notifies: none"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "chatbot.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_chatbot_slack_channel_configuration" "receiver" {
  for_each = var.slack_channels

  configuration_name = "${var.name}-${replace(each.key, "/[^A-Za-z0-9_-]/", "-")}"
  iam_role_arn       = aws_iam_role.chat[0].arn
  slack_team_id      = each.value.workspace_id
  slack_channel_id   = each.value.channel_id
  sns_topic_arns     = local.chat_topics[each.key]
}

resource "aws_chatbot_teams_channel_configuration" "receiver" {
  for_each = var.teams_channels

  configuration_name = "${var.name}-${replace(each.key, "/[^A-Za-z0-9_-]/", "-")}"
  iam_role_arn       = aws_iam_role.chat[0].arn
  team_id            = each.value.team_id
  tenant_id          = each.value.tenant_id
  channel_id         = each.value.channel_id
  sns_topic_arns     = local.chat_topics[each.key]
}
