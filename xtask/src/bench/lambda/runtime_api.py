"""A Lambda Runtime API for one function, which measures what the function costs.

runtime_api.py RUNS INVOKES EVENT -- COMMAND...: starts COMMAND anew RUNS times, hands it EVENT INVOKES times each, and
prints medians as JSON: milliseconds from spawn to the first request for work (init) and to the first answer (cold), of
a warm call, peak memory in KiB, seconds of CPU, and the last answer."""
import json, os, statistics, subprocess, sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

split = sys.argv.index("--")
runs, invokes, event, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3].encode(), sys.argv[split + 1:]


class Run:
    def __init__(self):
        self.asked, self.answered, self.last, self.given = [], [], None, 0
        self.done = threading.Event()

    def handler(run):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *_):
                pass

            def do_GET(self):
                run.asked.append(time.perf_counter())
                if run.given >= invokes:
                    run.done.set()
                    time.sleep(30)
                    return
                run.given += 1
                self.send_response(200)
                deadline = str(int((time.time() + 60) * 1000))
                for name, value in {
                    "Lambda-Runtime-Aws-Request-Id": f"00000000-0000-0000-0000-{run.given:012d}",
                    "Lambda-Runtime-Deadline-Ms": deadline,
                    "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:000000000000:function:bench",
                    "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0",
                    "Content-Type": "application/json", "Content-Length": str(len(event)),
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(event)

            def do_POST(self):
                length = self.headers.get("Content-Length")
                body = self.rfile.read(int(length)) if length is not None else self.chunks()
                run.answered.append(time.perf_counter())
                run.last = (self.path.rsplit("/", 1)[-1], body[:400].decode(errors="replace"))
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()
                if self.path.endswith("init/error"):
                    run.done.set()

            def chunks(self):
                body = b""
                while size := int(self.rfile.readline().strip() or b"0", 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body
        return Handler

    def measure(self):
        server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = dict(os.environ, AWS_LAMBDA_RUNTIME_API=f"127.0.0.1:{server.server_port}",
                           AWS_LAMBDA_FUNCTION_NAME="bench", AWS_LAMBDA_FUNCTION_VERSION="1",
                           AWS_LAMBDA_FUNCTION_MEMORY_SIZE="128", AWS_LAMBDA_LOG_GROUP_NAME="g",
                           AWS_LAMBDA_LOG_STREAM_NAME="s", LAMBDA_TASK_ROOT=os.getcwd())
        start = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.done.wait(60)
        peak, cpu = 0, 0.0
        try:
            with open(f"/proc/{process.pid}/status") as status:
                peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
            with open(f"/proc/{process.pid}/stat") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
            cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except (OSError, StopIteration):
            pass
        process.kill()
        process.wait()
        server.shutdown()
        if not self.answered or self.last[0] != "response":
            sys.exit(f"{command[0]} gave no answer: {self.last}")
        warm = [(answer - asked) * 1000 for asked, answer in zip(self.asked[1:], self.answered[1:])]
        return {"init": (self.asked[0] - start) * 1000, "cold": (self.answered[0] - start) * 1000,
                "warm": statistics.median(warm), "peak": peak, "cpu": cpu, "last": self.last[1]}


measured = [Run().measure() for _ in range(runs)]
median = {name: statistics.median(run[name] for run in measured) for name in ("init", "cold", "warm", "peak", "cpu")}
least = {f"least_{name}": min(run[name] for run in measured) for name in ("init", "cold", "warm")}
print(json.dumps({**median, **least, "last": measured[-1]["last"]}))
