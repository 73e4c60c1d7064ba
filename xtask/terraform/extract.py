"""Reads a Terraform provider's schema (JSON) for chosen resources out of the npm package @cdktn/provider-aws.

That package (CDK Terrain contributors, MPL-2.0) is generated from the schema of hashicorp/aws, so that each attribute, its
type, whether it is required and how blocks nest can be read back from it. usage: extract.py LIB RESOURCE… >schema.json
"""

import re, json, sys, os

lib = sys.argv[1]
names = sys.argv[2:]
SC = {
    "string": "string",
    "number": "number",
    "boolean": "bool",
    "any": "dynamic",
    "stringList": ["list", "string"],
    "numberList": ["list", "number"],
    "stringMap": ["map", "string"],
    "numberMap": ["map", "number"],
    "booleanMap": ["map", "bool"],
    "stringListMap": ["map", ["list", "string"]],
    "anyMap": ["map", "dynamic"],
}


def camel(s):
    p = s.split("_")
    return p[0] + "".join(x[:1].upper() + x[1:] for x in p[1:])


def parse_attrs(body):
    out = []
    for m in re.finditer(
        r'\n\s+(\w+): \{\n\s+value: (.*?),\n\s+isBlock: (true|false),\n\s+type: "(\w+)",\n\s+storageClassType: "(\w+)",',
        body,
    ):
        out.append(m.groups())
    return out


def fn_body(src, name):
    i = src.index("function " + name + "(")
    j = src.index("\n}\n", i)
    return src[i:j]


def ifaces(d):
    r = {}
    for m in re.finditer(r"export interface (\w+)(?: extends [\w.]+)? \{(.*?)\n\}", d, re.S):
        r[m.group(1)] = {n: (q == "?") for n, q in re.findall(r"readonly (\w+)(\??):", m.group(2))}
    return r


def struct(src, dts, attrs, iface, cls):
    block = {"attributes": {}, "block_types": {}}
    I = dts.get(iface, {})
    for name, value, isblock, typ, sc in attrs:
        opt = I.get(camel(name), True)
        fm = re.search(r"(\w+)ToHclTerraform", value.replace("cdktn.", "").replace("cdktf.", ""))
        nested = None
        m2 = re.search(r"(?:^|\()([a-z]\w+ToHclTerraform)", value)
        if sc not in SC:
            fn = [f for f in re.findall(r"(\w+ToHclTerraform)", value) if ("function " + f + "(") in src][0]
            b = fn_body(src, fn)
            ic = fn[0].upper() + fn[1 : -len("ToHclTerraform")]
            nested = struct(src, dts, parse_attrs(b), ic, cls)
        if isblock == "true" and nested is not None:
            single = "listMapper" not in value
            mode = "single" if typ == "struct" else typ
            bt = {"nesting_mode": mode, "block": nested}
            if not opt:
                bt["min_items"] = 1
            if single and mode in ("list", "set"):
                bt["max_items"] = 1
            block["block_types"][name] = bt
        else:
            if nested is not None:
                t = ["object", {k: v["type"] for k, v in nested["attributes"].items()}]
                if typ in ("list", "set", "map"):
                    t = [typ, t]
            else:
                t = SC[sc]
                if isinstance(t, list) and t[0] == "list" and typ == "set":
                    t = ["set", t[1]]
            block["attributes"][name] = {
                "type": t,
                **({"optional": True, "computed": True} if opt else {"required": True}),
            }
    return block


out = {}
for n in names:
    d = os.path.join(lib, n)
    src = open(d + "/index.js").read()
    dts = ifaces(open(d + "/index.d.ts").read())
    ty = re.search(r'tfResourceType = "(\w+)"', src).group(1)
    cls = re.search(r"class (\w+) extends cdkt[nf]\.Terraform(?:Resource|DataSource)", src).group(1)
    body = src[src.rindex("synthesizeHclAttributes() {") :]
    b = struct(src, dts, parse_attrs(body), cls + "Config", cls)
    # computed-only
    dd = open(d + "/index.d.ts").read()
    dd = dd[dd.index("export declare class " + cls + " ") :]
    snake = lambda s: re.sub(r"([A-Z])", lambda m: "_" + m.group(1).lower(), s)
    for g, t in re.findall(r"\n    get (\w+)\(\): ([^;]+);", dd):
        s = snake(g)
        if g.endswith("Input") or s in b["attributes"] or s in b["block_types"] or g.startswith("_"):
            continue
        tt = {
            "string": "string",
            "number": "number",
            "string[]": ["list", "string"],
            "cdktn.IResolvable": "bool",
            "cdktf.IResolvable": "bool",
        }.get(t)
        if tt:
            b["attributes"][s] = {"type": tt, "computed": True}
    if "id" not in b["attributes"]:
        b["attributes"]["id"] = {"type": "string", "optional": True, "computed": True}
    out[ty] = {"version": 0, "block": b}
json.dump(out, sys.stdout, indent=1)
