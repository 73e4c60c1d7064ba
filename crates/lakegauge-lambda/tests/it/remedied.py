import datetime, io, json, sys, threading, time, urllib.request, zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

given = json.load(sys.stdin)
client = lambda name: boto3.client(name, endpoint_url=given["endpoint"], aws_access_key_id="test",
                                   aws_secret_access_key="test", region_name="us-east-1")
s3, sns, functions, cloudwatch, secrets, ssm = map(client, ["s3", "sns", "lambda", "cloudwatch", "secretsmanager", "ssm"])
PAST, LOGINS = {"v1": {}, "v2": {}}, {"v1": "Basic dTpwMQ==", "v2": "Bearer of-u-p2"}
refused, wrong_signatures = [], []


class Stand(BaseHTTPRequestHandler):
    """Stands for Airflow's REST API as 2.10 and 3.3 answer, and in front of ministack, where it checks signatures."""

    protocol_version = "HTTP/1.1"

    def answer(self, status, body):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "AWS4-HMAC" in self.headers.get("Authorization", ""):
            return self.forward(body)
        if self.path == "/auth/token":
            login = json.loads(body)
            return self.answer(201, {"access_token": f"of-{login['username']}-{login['password']}"})
        _, _, api, _, dag, _ = self.path.split("/")
        if self.headers["Authorization"] != LOGINS[api]:
            return self.answer(401, {"detail": "Unauthorized"})
        run = json.loads(body)
        if dag != "rerun":
            return self.answer(404, {"detail": "no such DAG"})
        if run["dag_run_id"] in PAST[api]:
            refused.append(run["dag_run_id"])
            return self.answer(409, {"detail": "exists"})
        PAST[api][run["dag_run_id"]] = run
        self.answer(200, run)

    def forward(self, body):
        told = self.headers["Authorization"]
        part = lambda name: told.split(name + "=")[1].split(",")[0]
        key, day, region, service, _ = part("Credential").split("/")
        request = AWSRequest("POST", "http://" + self.headers["Host"] + self.path, data=body)
        for name in part("SignedHeaders").split(";"):
            request.headers[name] = self.headers[name]
        request.context["timestamp"] = self.headers["X-Amz-Date"]
        signer = SigV4Auth(Credentials(key, "test"), service, region)
        signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
        if signature != part("Signature"):
            wrong_signatures.append(f"{service} {self.path}")
        passed = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "content-length")}
        with urllib.request.urlopen(urllib.request.Request(given["endpoint"] + self.path, body, passed)) as reply:
            self.answer(reply.status, reply.read())

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Stand)
threading.Thread(target=server.serve_forever, daemon=True).start()
stand = f"http://127.0.0.1:{server.server_port}"


def zipped(name, text, mode=0o644):
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        entry = zipfile.ZipInfo(name)
        entry.external_attr, entry.compress_type = mode << 16, zipfile.ZIP_DEFLATED
        archive.writestr(entry, text)
    return package.getvalue()


# The user's function: keeps the events that it is called with.
USERS = f"""
import json, urllib.request, uuid
def handler(event, context):
    address = "{given['endpoint']}/kept/" + uuid.uuid4().hex
    urllib.request.urlopen(urllib.request.Request(address, json.dumps(event).encode(), method="PUT"))
"""
for bucket in ["kept", "remedied-lake", "remedied-state"]:
    s3.create_bucket(Bucket=bucket)
role = "arn:aws:iam::000000000000:role/lakegauge"
rerun = functions.create_function(FunctionName="rerun", Runtime="python3.11", Handler="users.handler", Timeout=30, Role=role,
                                  Code={"ZipFile": zipped("users.py", USERS)})["FunctionArn"]
secret = secrets.create_secret(Name="airflow/two", SecretString=json.dumps({"username": "u", "password": "p1"}))["ARN"]
ssm.put_parameter(Name="/airflow/three", Type="SecureString", Value=json.dumps({"username": "u", "password": "p2"}))
parameter = "arn:aws:ssm:us-east-1:000000000000:parameter/airflow/three"
dataset = lambda name, remedy: s3.put_object(Bucket="remedied-state", Key=f"lg/config/datasets/{name}.yaml", Body=f"""{name}:
  path: {name}/date={{date}}/
  due: +1d 23:59
  owner: shop
  landed_when: _SUCCESS
  alarms: {{ TotalFileSize: {{ at_least: 5000 }}, ObjectCount: off }}
  remediate: {remedy}
""".encode())
s3.put_object(Bucket="remedied-state", Key="lg/config/base.yaml", Body=b"lake: s3://remedied-lake/refined\n")
airflow = lambda api, holds: f'airflow: {{ url: "{stand}/", dag: rerun, api: {api}, secret: "{holds}" }}'
dataset("sales", f'{{ lambda: "{rerun}", {airflow("v1", secret)} }}')
dataset("stock", f'{{ {airflow("v2", parameter)} }}')

variables = {"LAKEGAUGE_STATE": "s3://remedied-state/lg", "LAKEGAUGE_NAMESPACE": "Remedied", "LAKEGAUGE_LOG": "info",
             "LAKEGAUGE_LINK": "https://console.example/#d", "AWS_ENDPOINT_URL": given["endpoint"],
             "AWS_ENDPOINT_URL_LAMBDA": stand, "AWS_ENDPOINT_URL_SECRETS_MANAGER": stand, "AWS_ENDPOINT_URL_SSM": stand}
binary = zipped("bootstrap", open(given["binary"], "rb").read(), 0o755)
for handler in ["schedule", "alarm"]:
    functions.create_function(FunctionName=handler, Runtime="provided.al2023", Handler=handler, Timeout=60, Role=role,
                              Code={"ZipFile": binary}, Environment={"Variables": variables})
call = lambda handler, event: json.loads(functions.invoke(FunctionName=handler, Payload=json.dumps(event))["Payload"].read())
alarm = functions.get_function(FunctionName="alarm")["Configuration"]["FunctionArn"]
topic = sns.create_topic(Name="remedied")["TopicArn"]
sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=alarm)
for name in ["sales", "stock"]:
    cloudwatch.put_metric_alarm(AlarmName=f"lakegauge-{name}/TotalFileSize-low", Namespace="Remedied", MetricName="TotalFileSize",
                                Dimensions=[{"Name": "Dataset", "Value": name}], Statistic="Minimum", Period=60, Threshold=5000,
                                EvaluationPeriods=1, ComparisonOperator="LessThanThreshold", TreatMissingData="ignore",
                                AlarmActions=[topic])

day = datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=1)
# A repeat that nobody remembers: Airflow knows the run by its name.
PAST["v2"][f"lakegauge__stock__{day}__TotalFileSize"] = {
    "dag_run_id": f"lakegauge__stock__{day}__TotalFileSize", "conf": {"id": f"lakegauge__stock__{day}__TotalFileSize"}, "logical_date": None}
for name in ["sales", "stock"]:
    for n in range(3):
        s3.put_object(Bucket="remedied-lake", Key=f"refined/{name}/date={day}/part-{n}", Body=b"x" * 1000)
    s3.put_object(Bucket="remedied-lake", Key=f"refined/{name}/date={day}/_SUCCESS", Body=b"")
judged = call("schedule", {"lakegauge": "tick"})


def kept():
    found = s3.list_objects_v2(Bucket="kept").get("Contents", [])
    return [json.loads(s3.get_object(Bucket="kept", Key=row["Key"])["Body"].read()) for row in found]


until = time.time() + 90
while time.time() < until and not (kept() and PAST["v1"] and refused):
    time.sleep(0.5)
time.sleep(1)
print(json.dumps({
    "day": str(day), "judged": judged, "events": kept(), "runs": {api: list(runs.values()) for api, runs in PAST.items()},
    "refused": refused, "wrong_signatures": wrong_signatures, "again": call("alarm", {"lakegauge": "tick"}),
}))
