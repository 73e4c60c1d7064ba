# Config and state: one document per dataset, so that a change of one dataset changes one object.
locals {
  state_bucket = var.state_bucket == null ? aws_s3_bucket.state[0].id : var.state_bucket
}

resource "aws_s3_bucket" "state" {
  #checkov:skip=CKV_AWS_18:it contains only lakegauge's own state; reads are in CloudTrail
  #checkov:skip=CKV_AWS_144:lost state is learned again from the lake
  #checkov:skip=CKV_AWS_145:it contains names and sizes, no content; var.kms_key_arn sets a key
  #checkov:skip=CKV2_AWS_62:nothing consumes events of lakegauge's own state
  count = var.state_bucket == null ? 1 : 0

  bucket = "${var.name}-${local.account}-${local.region}"
}

resource "aws_s3_bucket_versioning" "state" {
  count = var.state_bucket == null ? 1 : 0

  bucket = aws_s3_bucket.state[0].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "state" {
  count = var.state_bucket == null ? 1 : 0

  bucket = aws_s3_bucket.state[0].id

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.state]
}

resource "aws_s3_bucket_server_side_encryption_configuration" "state" {
  count = var.state_bucket == null ? 1 : 0

  bucket = aws_s3_bucket.state[0].id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "state" {
  count = var.state_bucket == null ? 1 : 0

  bucket                  = aws_s3_bucket.state[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_object" "base" {
  #checkov:skip=CKV_AWS_186:the bucket's encryption applies
  bucket       = local.state_bucket
  key          = "${var.state_prefix}/config/base.yaml"
  source       = "${path.module}/config/base.yaml"
  source_hash  = filemd5("${path.module}/config/base.yaml")
  content_type = "application/yaml"
}

resource "aws_s3_object" "dataset" {
  #checkov:skip=CKV_AWS_186:the bucket's encryption applies
  for_each = local.datasets

  bucket       = local.state_bucket
  key          = "${var.state_prefix}/config/datasets/${each.value.slug}.yaml"
  source       = "${path.module}/config/datasets/${each.value.slug}.yaml"
  source_hash  = filemd5("${path.module}/config/datasets/${each.value.slug}.yaml")
  content_type = "application/yaml"
}

# Files that the config names, such as calendars.
resource "aws_s3_object" "file" {
  #checkov:skip=CKV_AWS_186:the bucket's encryption applies
  for_each = toset(local.files)

  bucket      = local.state_bucket
  key         = "${var.state_prefix}/config/files/${each.key}"
  source      = "${path.module}/config/files/${each.key}"
  source_hash = filemd5("${path.module}/config/files/${each.key}")
}
