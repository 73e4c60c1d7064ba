"""A stub of hashicorp/aws: serves the schema of extract.py to the real Terraform, and records what it receives.

It speaks Terraform's plugin protocol 6 by way of the PyPI package tf (Hunter Fernandes, MIT). Terraform checks every attribute,
type, required argument and nesting against the schema; enums and conflicts it does not know. TFSTUB_SCHEMA names the
schema's file.
"""

import json, sys, os, msgpack, base64, tempfile, time
from concurrent import futures
import grpc
from tf.gen import (
    tfplugin_pb2 as pb,
    tfplugin_pb2_grpc as rpc,
    grpc_controller_pb2 as cpb,
    grpc_controller_pb2_grpc as crpc,
    grpc_stdio_pb2_grpc as srpc,
)
from tf.runner import _self_signed_cert

HERE = os.path.dirname(os.path.abspath(__file__))
S = json.load(open(os.environ.get("TFSTUB_SCHEMA", HERE + "/schema.json")))


def ty(t):
    return json.dumps(t).encode()


def block(b):
    P = pb.Schema
    out = P.Block(version=0)
    for n, a in b["attributes"].items():
        out.attributes.append(
            P.Attribute(
                name=n,
                type=ty(a["type"]),
                required=a.get("required", False),
                optional=a.get("optional", False),
                computed=a.get("computed", False),
            )
        )
    for n, x in b["block_types"].items():
        mode = {
            "single": P.NestedBlock.SINGLE,
            "list": P.NestedBlock.LIST,
            "set": P.NestedBlock.SET,
            "map": P.NestedBlock.MAP,
        }[x["nesting_mode"]]
        out.block_types.append(
            P.NestedBlock(
                type_name=n,
                block=block(x["block"]),
                nesting=mode,
                min_items=x.get("min_items", 0) if mode != P.NestedBlock.SINGLE else 0,
                max_items=x.get("max_items", 0),
            )
        )
    return out


PROV = {
    "attributes": {
        "region": {"type": "string", "optional": True},
        "profile": {"type": "string", "optional": True},
        "access_key": {"type": "string", "optional": True},
        "secret_key": {"type": "string", "optional": True},
        "skip_credentials_validation": {"type": "bool", "optional": True},
        "skip_requesting_account_id": {"type": "bool", "optional": True},
        "skip_metadata_api_check": {"type": "bool", "optional": True},
    },
    "block_types": {
        "default_tags": {
            "nesting_mode": "list",
            "block": {"attributes": {"tags": {"type": ["map", "string"], "optional": True}}, "block_types": {}},
        }
    },
}
DATA = {
    "aws_caller_identity": {
        "block": {
            "attributes": {
                "account_id": {"type": "string", "computed": True},
                "arn": {"type": "string", "computed": True},
                "id": {"type": "string", "computed": True},
            },
            "block_types": {},
        }
    },
    "aws_region": {
        "block": {
            "attributes": {
                "region": {"type": "string", "optional": True, "computed": True},
                "name": {"type": "string", "optional": True, "computed": True},
                "id": {"type": "string", "computed": True},
            },
            "block_types": {},
        }
    },
    "aws_partition": {
        "block": {
            "attributes": {
                "partition": {"type": "string", "computed": True},
                "id": {"type": "string", "computed": True},
            },
            "block_types": {},
        }
    },
}
UNK = msgpack.ExtType(0, b"\0")


def fill(b, v):
    for n, a in b["attributes"].items():
        if a.get("computed") and v.get(n) is None and n != "timeouts":
            v[n] = UNK
    return v


class Servicer(rpc.ProviderServicer):
    def GetMetadata(self, r, c):
        return pb.GetMetadata.Response(
            resources=[pb.GetMetadata.ResourceMetadata(type_name=k) for k in S],
            data_sources=[pb.GetMetadata.DataSourceMetadata(type_name=k) for k in DATA],
        )

    def GetProviderSchema(self, r, c):
        return pb.GetProviderSchema.Response(
            provider=pb.Schema(block=block(PROV)),
            resource_schemas={k: pb.Schema(version=0, block=block(v["block"])) for k, v in S.items()},
            data_source_schemas={k: pb.Schema(version=0, block=block(v["block"])) for k, v in DATA.items()},
        )

    def ValidateProviderConfig(self, r, c):
        return pb.ValidateProviderConfig.Response()

    def ValidateResourceConfig(self, r, c):
        return pb.ValidateResourceConfig.Response()

    def ValidateDataResourceConfig(self, r, c):
        return pb.ValidateDataResourceConfig.Response()

    def ConfigureProvider(self, r, c):
        return pb.ConfigureProvider.Response()

    def UpgradeResourceState(self, r, c):
        return pb.UpgradeResourceState.Response(upgraded_state=pb.DynamicValue(json=r.raw_state.json))

    def ReadResource(self, r, c):
        return pb.ReadResource.Response(new_state=r.current_state)

    def ReadDataSource(self, r, c):
        v = {
            k: {
                "account_id": "123456789012",
                "region": "us-east-1",
                "name": "us-east-1",
                "partition": "aws",
                "id": "x",
                "arn": "arn:aws:iam::123456789012:root",
            }.get(k)
            for k in DATA[r.type_name]["block"]["attributes"]
        }
        return pb.ReadDataSource.Response(state=pb.DynamicValue(msgpack=msgpack.packb(v)))

    def PlanResourceChange(self, r, c):
        v = msgpack.unpackb(r.proposed_new_state.msgpack, raw=False, strict_map_key=False)
        if v is None:
            return pb.PlanResourceChange.Response(planned_state=r.proposed_new_state)
        prior = msgpack.unpackb(r.prior_state.msgpack, raw=False, strict_map_key=False)
        if prior is None:
            v = fill(S[r.type_name]["block"], v)
        return pb.PlanResourceChange.Response(planned_state=pb.DynamicValue(msgpack=msgpack.packb(v)))

    def ApplyResourceChange(self, r, c):
        v = msgpack.unpackb(r.planned_state.msgpack, raw=False, strict_map_key=False)
        if v is not None:
            b = S[r.type_name]["block"]
            # Things of one type keep apart, as they do in AWS.
            name = next((v[k] for k in ("name", "function_name", "bucket") if isinstance(v.get(k), str)), "")
            arn = "arn:aws:stub:::" + r.type_name + "/" + name
            for n, a in b["attributes"].items():
                if isinstance(v.get(n), msgpack.ExtType):
                    v[n] = (arn if n.endswith("arn") else n + "-stub") if a["type"] == "string" else None
        return pb.ApplyResourceChange.Response(new_state=pb.DynamicValue(msgpack=msgpack.packb(v)))

    def StopProvider(self, r, c):
        return pb.StopProvider.Response()


class Ctl(crpc.GRPCControllerServicer):
    def Shutdown(self, r, c):
        os._exit(0)


class Std(srpc.GRPCStdioServicer):
    def StreamStdio(self, r, c):
        return iter([])


srv = grpc.server(futures.ThreadPoolExecutor(8), options=[("grpc.max_receive_message_length", 1 << 28)])
rpc.add_ProviderServicer_to_server(Servicer(), srv)
crpc.add_GRPCControllerServicer_to_server(Ctl(), srv)
srpc.add_GRPCStdioServicer_to_server(Std(), srv)
d = tempfile.mkdtemp()
sock = d + "/p.sock"
chain, cred = _self_signed_cert()
srv.add_secure_port("unix://" + sock, cred)
srv.start()
print("|".join(["1", "6", "unix", sock, "grpc", base64.b64encode(chain).decode().rstrip("=")]), flush=True)
srv.wait_for_termination()
