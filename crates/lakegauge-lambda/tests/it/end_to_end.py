import base64, datetime, io, json, sys, time, zipfile
import boto3

given = json.load(sys.stdin)
route = given["route"]
client = lambda name: boto3.client(name, endpoint_url=given["endpoint"], aws_access_key_id="test",
                                   aws_secret_access_key="test", region_name="us-east-1")
s3, sqs, sns, functions = map(client, ["s3", "sqs", "sns", "lambda"])
cloudwatch, events, scheduler = map(client, ["cloudwatch", "events", "scheduler"])
now = lambda: datetime.datetime.now(datetime.timezone.utc)
named = lambda name: f"{route}-{name}"


def queue(name, **attributes):
    url = sqs.create_queue(QueueName=named(name), Attributes=attributes)["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def package():
    if given["zip"]:
        return open(given["zip"], "rb").read()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr, entry.compress_type = 0o755 << 16, zipfile.ZIP_DEFLATED
        archive.writestr(entry, open(given["binary"], "rb").read())
    return packed.getvalue()


lake, state, namespace = named("lake"), named("state"), f"Lakegauge-{route}"
s3.create_bucket(Bucket=lake)
s3.create_bucket(Bucket=state)
s3.put_object(Bucket=state, Key="lg/config/base.yaml", Body=f"lake: s3://{lake}/refined\n".encode())
# The minute that has begun: its deadline is the one that the schedule below stands for.
due = now().replace(second=0, microsecond=0)
s3.put_object(Bucket=state, Key="lg/config/datasets/orders.yaml", Body=f"""orders:
  path: orders/date={{date}}/
  due: +1d {due:%H:%M}
  landed_when: _SUCCESS
""".encode())
s3.put_object(Bucket=state, Key="lg/config/datasets/sales.yaml", Body=b"""sales:
  path: sales/date={date}/
  due: +1d 23:59
  landed_when: _SUCCESS
  alarms: { TotalFileSize: { at_least: 5000 } }
""")
topic = sns.create_topic(Name=named("alarms"))["TopicArn"]
inbox, inbox_arn = queue("inbox")
sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=inbox_arn)
size = dict(Namespace=namespace, MetricName="TotalFileSize", Dimensions=[{"Name": "Dataset", "Value": "sales"}])
cloudwatch.put_metric_alarm(AlarmName=named("size"), Statistic="Minimum", Period=60, EvaluationPeriods=1, Threshold=5000,
                            ComparisonOperator="LessThanThreshold", TreatMissingData="ignore", AlarmActions=[topic], **size)
dead, dead_arn = queue("dead")
redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": "1"})
objects, objects_arn = queue("objects", VisibilityTimeout="20", RedrivePolicy=redrive)
variables = {"LAKEGAUGE_STATE": f"s3://{state}/lg", "LAKEGAUGE_NAMESPACE": namespace, "LAKEGAUGE_LOG": "info",
             "AWS_ENDPOINT_URL": given["endpoint"]}
code = package()
for handler in ["schedule", "objects"]:
    functions.create_function(FunctionName=named(handler), Runtime="provided.al2023", Handler=handler, Timeout=60,
                              Role="arn:aws:iam::000000000000:role/lakegauge", Code={"ZipFile": code},
                              Environment={"Variables": variables})
called = functions.invoke(FunctionName=named("schedule"), Payload=json.dumps({"lakegauge": "tick"}))
tick = json.loads(called["Payload"].read())
functions.create_event_source_mapping(EventSourceArn=objects_arn, FunctionName=named("objects"), BatchSize=10,
                                      FunctionResponseTypes=["ReportBatchItemFailures"])
if route == "direct":
    to_queue = {"QueueArn": objects_arn, "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]}
    s3.put_bucket_notification_configuration(Bucket=lake, NotificationConfiguration={"QueueConfigurations": [to_queue]})
elif route == "sns":
    told = sns.create_topic(Name=named("objects"))["TopicArn"]
    sns.subscribe(TopicArn=told, Protocol="sqs", Endpoint=objects_arn)
    to_topic = {"TopicArn": told, "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]}
    s3.put_bucket_notification_configuration(Bucket=lake, NotificationConfiguration={"TopicConfigurations": [to_topic]})
else:
    s3.put_bucket_notification_configuration(Bucket=lake, NotificationConfiguration={"EventBridgeConfiguration": {}})
    pattern = {"source": ["aws.s3"], "detail-type": ["Object Created", "Object Deleted"], "detail": {"bucket": {"name": [lake]}}}
    events.put_rule(Name=named("objects"), EventPattern=json.dumps(pattern))
    events.put_targets(Rule=named("objects"), Targets=[{"Id": "queue", "Arn": objects_arn}])

day = now().date() - datetime.timedelta(days=1)
before = day - datetime.timedelta(days=1)
for name in ["part-0", "_SUCCESS"]:
    s3.put_object(Bucket=lake, Key=f"refined/orders/date={before}/{name}", Body=b"x")
# The scheduler puts its own instant in the place of <aws.scheduler.scheduled-time>; ministack leaves the input as it is.
role = "arn:aws:iam::000000000000:role/lakegauge"
target = {"Arn": functions.get_function(FunctionName=named("schedule"))["Configuration"]["FunctionArn"], "RoleArn": role,
          "Input": json.dumps({"lakegauge": "deadline", "at": due.strftime("%Y-%m-%dT%H:%M:%SZ"), "zone": "UTC"})}
scheduler.create_schedule(Name=named("deadline"), FlexibleTimeWindow={"Mode": "OFF"}, Target=target,
                          ScheduleExpression=f"at({now():%Y-%m-%dT%H:%M:%S})")
for n in range(3):
    s3.put_object(Bucket=lake, Key=f"refined/sales/date={day}/part-{n}", Body=b"x" * 1000)
s3.put_object(Bucket=lake, Key=f"refined/sales/date={day}/_SUCCESS", Body=b"")
sqs.send_message(QueueUrl=objects, MessageBody="not an event")


def statistics(statistic, **metric):
    found = cloudwatch.get_metric_statistics(StartTime=now() - datetime.timedelta(hours=1), Period=3600, Statistics=[statistic],
                                             EndTime=now() + datetime.timedelta(hours=1), **metric)["Datapoints"]
    return [point[statistic] for point in found]


missing = dict(Namespace=namespace, MetricName="Missing", Dimensions=[{"Name": "Dataset", "Value": "orders"}])
message, letters, until = None, [], time.time() + 90
while time.time() < until and not (message and letters and statistics("Maximum", **missing) == [1.0]):
    for received in sqs.receive_message(QueueUrl=inbox, WaitTimeSeconds=1).get("Messages", []):
        body = json.loads(received["Body"])
        message = json.loads(body["Message"]) if "Message" in body else body
    for received in sqs.receive_message(QueueUrl=dead, WaitTimeSeconds=1).get("Messages", []):
        letters.append(received["Body"])
left = sqs.get_queue_attributes(QueueUrl=objects, AttributeNames=["All"])["Attributes"]
print(json.dumps({
    "tick": tick,
    "values": statistics("Minimum", **size),
    "samples": statistics("SampleCount", **size),
    "heartbeats": sum(statistics("Sum", Namespace=namespace, MetricName="Heartbeat", Dimensions=[{"Name": "Deployment", "Value": "lakegauge"}])),
    "alarm": cloudwatch.describe_alarms(AlarmNames=[named("size")])["MetricAlarms"][0]["StateValue"],
    "message": message,
    "dead": letters,
    "left": [left["ApproximateNumberOfMessages"], left["ApproximateNumberOfMessagesNotVisible"]],
    "missing": statistics("Maximum", **missing),
}))
