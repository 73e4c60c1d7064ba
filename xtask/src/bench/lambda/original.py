# The peer of `cargo xtask bench lambda`: the size check of the first design ("Using AWS Lambdas for data lake
# monitoring", Auto Trader engineering, 2018-03-26), as a Python function on boto3: list a day, add up, post one metric.
import boto3
from botocore.config import Config

s3 = boto3.client("s3", config=Config(s3={"addressing_style": "path"}))
cloudwatch = boto3.client("cloudwatch")


def lambda_handler(event, context):
    objects = total = 0
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=event["bucket"], Prefix=event["prefix"]):
        for found in page.get("Contents", []):
            objects += 1
            total += found["Size"]
    dimensions = [{"Name": "BucketName", "Value": event["bucket"]}, {"Name": "Key", "Value": event["prefix"]},
                  {"Name": "FunctionName", "Value": "file_size_check"}]
    cloudwatch.put_metric_data(Namespace="ATUK/Lambda", MetricData=[
        {"MetricName": "TotalFileSize", "Dimensions": dimensions, "Value": total, "Unit": "Bytes"}])
    return {"objects": objects, "bytes": total}
