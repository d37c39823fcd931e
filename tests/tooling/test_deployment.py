"""What `deploy/` says agrees with the application, and each file with the others. `dev.py check deploy` runs it."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import orjson
import pytest
import uvicorn
import yaml  # type: ignore[import-untyped]

from app import front
from app.errors import status_of
from app.settings import Settings, variable
from checks.front import refusing
from soak.faulting.room import OWN_DISK
from tests.proxies import HEALTH, configure
from tests.servers import HOST

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
NGINX = DEPLOY / "nginx"
DEFAULTS = Settings()
PORT = 8000

SITE, LIMITS = ((NGINX / "convoscope" / name).read_text() for name in ("site.conf", "limits.conf"))
MAIN = (NGINX / "nginx.conf").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
UNITS = {file.name: file.read_text() for file in sorted((DEPLOY / "systemd").glob("*.service"))}
KUSTOMIZATION = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())
FRONT = yaml.safe_load((NGINX / "kustomization.yaml").read_text())
OBJECTS: list[dict[str, Any]] = [
    one
    for name in KUSTOMIZATION["resources"]
    if name.endswith(".yaml")
    for one in yaml.safe_load_all((DEPLOY / "kubernetes" / name).read_text())
]
DEPLOYMENTS = {one["metadata"]["name"]: one["spec"] for one in OBJECTS if one["kind"] == "Deployment"}
PODS = {name: spec["template"]["spec"] for name, spec in DEPLOYMENTS.items()}


def of(directive: str, text: str) -> list[str]:
    """Every value of a directive of nginx."""
    return re.findall(rf"^\s*{directive}\s+([^;]+);", text, re.MULTILINE)


def block(opening: str) -> str:
    """What a block of nginx's holds that has none in it."""
    return SITE.partition(f"{opening} {{")[2].partition("}")[0]


def size(text: str) -> int:
    """Bytes, as nginx and Kubernetes write them."""
    number, unit = re.fullmatch(r"(\d+)([kmg]?)i?", text.lower()).groups()  # type: ignore[union-attr]
    return int(number) << 10 * " kmg".index(unit or " ")


def seconds(text: str) -> int:
    return int(text.removesuffix("s"))


def unit(name: str) -> dict[str, list[str]]:
    """Every value of every key of a unit of systemd."""
    found: dict[str, list[str]] = {}
    for key, value in re.findall(r"^(\w+)=(.*)$", UNITS[name], re.MULTILINE):
        found.setdefault(key, []).append(value)
    return found


# --- nginx and the application ---


def test_the_sizes_of_nginx_are_those_of_the_settings() -> None:
    bodies = [size(value) for value in of("client_max_body_size", LIMITS + SITE)]
    # The last is that of refusals, which are refused no second time.
    assert bodies == [DEFAULTS.body_limit, DEFAULTS.export_bytes, 0]
    count, line = of("large_client_header_buffers", LIMITS)[0].split()
    assert count == "2"
    # A query that the application reads fits, and one somewhat longer is refused by itself.
    assert DEFAULTS.query_limit + 4096 <= size(line) <= DEFAULTS.query_limit + 16384


def test_nginx_waits_for_a_file_as_long_as_the_application_makes_it() -> None:
    waits = [seconds(value) for value in of("proxy_read_timeout", SITE)]
    assert [wait > DEFAULTS.export_seconds for wait in waits] == [False, True, True]


def test_nginx_leaves_idle_connections_before_the_application_does() -> None:
    idle = uvicorn.Config("app.main:app").timeout_keep_alive
    for name in ("convoscope/upstream.conf", "upstream-service.conf"):
        assert [seconds(value) < idle for value in of("keepalive_timeout", (NGINX / name).read_text())] == [True]


def test_the_check_of_limits_knows_the_limits() -> None:
    assert of("limit_req", SITE).count(f"zone=readers burst={refusing.BURST} nodelay") == 3
    assert f"reader_connections {refusing.CONNECTIONS}" in of("limit_conn", SITE)
    assert (DEFAULTS.query_limit, DEFAULTS.body_limit) == (refusing.QUERY, refusing.BODY)
    assert DEFAULTS.export_bytes == refusing.FILM


def test_what_nginx_keeps_has_room_on_the_disk_of_its_container() -> None:
    cache = (NGINX / "convoscope" / "cache.conf").read_text()
    # 128 bytes of memory a key.
    keys = {name: size(zone) // 128 for name, zone in re.findall(r"keys_zone=(\w+):(\w+)", cache)}
    assert keys.keys() == {"answers", "pages"}
    longest = {
        "answers": max(length for length in range(1, 10**6, 999) if _kept("long", length, cache)),
        "pages": max(length for length in range(1, 10**6, 999) if _kept("long_page", length, cache)),
    }
    assert 19_000 < longest["answers"] < 20_000
    assert 398_000 < longest["pages"] < 400_000
    room = size(re.findall(r"/var/cache/nginx:size=(\w+)", (DEPLOY / "compose.yaml").read_text())[0])
    assert room == OWN_DISK
    assert sum(keys[name] * longest[name] for name in keys) < room


def _kept(name: str, length: int, cache: str) -> bool:
    """Whether an answer of so many bytes is, by the map of this name."""
    table = re.findall(rf"map \$upstream_http_content_length \${name} {{(.*?)\n}}", cache, re.DOTALL)[0]
    return any(re.search(one, str(length)) for one in re.findall(r'"~(.*)" 0;', table))


def test_what_nginx_says_is_written_anew_when_words_or_limits_change() -> None:
    written = {file.name: file.read_bytes() for file in (NGINX / "errors").iterdir()}
    assert written == dict(front.files(DEFAULTS)), "python3 -m app.front writes it anew"


def test_each_refusal_of_nginx_has_its_words_status_and_pause() -> None:
    statuses = {
        name: {int(status) for status in re.findall(r"\d+", before)}
        for before, name in re.findall(r"error_page ([\d =]+) /\.said/(\w+);", SITE)
    }
    statuses |= {name: {413} for name in re.findall(r"/\.said/(\w+);", block("map $request $too_large"))}
    pauses = dict(re.findall(r"(\d{3}) (\d+);", block("map $status $retry_after")))
    said = front.said(DEFAULTS)
    assert set(said) == set(statuses)
    assert set(said) == set(re.findall(r"\(\?<what>([a-z|]+)\)", SITE)[0].split("|"))
    for name, error in said.items():
        assert status_of(error) in statuses[name], name
        assert {pauses.get(str(status), "") for status in statuses[name]} == {str(error.values.get("retry_after", ""))}


def test_a_page_of_nginx_loads_nothing_and_names_its_language() -> None:
    for name, content in front.files(DEFAULTS):
        if name.endswith(".json"):
            assert orjson.loads(content)["error"]["message"], name
            continue
        page = content.decode()
        assert f'<html lang="{name.split(".")[0]}">' in page, name
        assert not re.search(r"//|src=|<script|<link|url\(", page), name


def test_nginx_tells_languages_apart_that_there_are() -> None:
    languages = {name.split(".")[0] for name, _ in front.files(DEFAULTS) if name.endswith(".html")}
    assert set(re.findall(r"\s(\w+);", block('map "$arg_lang $http_accept_language" $said_in'))) == languages


def test_nginx_is_shown_to_tests_as_it_is_but_for_addresses_and_folders(tmp_path: Path) -> None:
    configure(tmp_path, 8123, ["http://127.0.0.1:9001", "http://127.0.0.1:9002"], ["192.0.2.1"], {"send_timeout": "1s"})
    text = {file.relative_to(tmp_path).as_posix(): file.read_text() for file in tmp_path.rglob("*.conf")}
    assert of("listen", text["convoscope/site.conf"]) == [f"{HOST}:8123 backlog=4096"]
    assert [value.split()[0] for value in of("server", text["convoscope/upstream.conf"])] == [
        "127.0.0.1:9001",
        "127.0.0.1:9002",
    ]
    assert of("send_timeout", text["convoscope/limits.conf"]) == ["1s"]
    assert text["convoscope/halls.conf"] == "192.0.2.1 1;\n"
    assert "/var/cache/nginx" not in "".join(text.values())


# --- settings, ports and names ---

# Settings of operation that are agreed upon.
AGREED = {variable(name) for name in ("log", "metrics", "drain_seconds", "shutdown_seconds", "processes")}


def environments() -> dict[str, dict[str, str]]:
    """What each way sets."""
    literals = KUSTOMIZATION["configMapGenerator"][0]["literals"]
    (service,) = unit("convoscope.service")["Environment"]
    return {
        "compose": COMPOSE["convoscope"]["environment"],
        "kubernetes": dict(one.split("=", 1) for one in literals),
        "systemd": dict(one.split("=", 1) for one in service.split()),
    }


@pytest.mark.parametrize("way", ["compose", "kubernetes", "systemd"])
def test_every_variable_is_a_setting(way: str) -> None:
    known = {variable(field.name) for field in fields(Settings)} | AGREED
    assert set(environments()[way]) <= known
    assert {"CONVOSCOPE_LOG", "CONVOSCOPE_DRAIN_SECONDS", "CONVOSCOPE_SHUTDOWN_SECONDS"} <= set(environments()[way])


@pytest.mark.parametrize("way", ["compose", "kubernetes", "systemd"])
def test_whoever_ends_it_waits_for_it(way: str) -> None:
    graces = {
        "compose": seconds(COMPOSE["convoscope"]["stop_grace_period"]),
        "kubernetes": PODS["convoscope"]["terminationGracePeriodSeconds"],
        "systemd": int(unit("convoscope.service")["TimeoutStopSec"][0]),
    }
    told = environments()[way]
    assert graces[way] > int(told["CONVOSCOPE_DRAIN_SECONDS"]) + int(told["CONVOSCOPE_SHUTDOWN_SECONDS"])
    leaving = seconds(of("worker_shutdown_timeout", MAIN)[0])
    fronts = {
        "compose": seconds(COMPOSE["front"]["stop_grace_period"]),
        "kubernetes": PODS["front"]["terminationGracePeriodSeconds"] - 5,
        "systemd": int(unit("convoscope-front.service")["TimeoutStopSec"][0]),
    }
    assert fronts[way] > leaving


def test_all_name_the_same_ports() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert f"EXPOSE {PORT}\n" in dockerfile
    assert f'"--port", "{PORT}"]' in dockerfile
    assert COMPOSE["convoscope"]["expose"] == [str(PORT)]
    assert f"--port {PORT}" in unit("convoscope.service")["ExecStart"][0]
    for name, host in (("convoscope/upstream.conf", HOST), ("upstream-service.conf", "convoscope")):
        assert of("server", (NGINX / name).read_text())[0].split()[0] == f"{host}:{PORT}"
    listening = of("listen", SITE)[0].split()[0]
    assert COMPOSE["front"]["ports"] == [f"{listening}:{listening}"]
    ports = {name: pod["containers"][0]["ports"][0]["containerPort"] for name, pod in PODS.items()}
    assert ports == {"convoscope": PORT, "front": int(listening)}
    services = {one["metadata"]["name"]: one["spec"] for one in OBJECTS if one["kind"] == "Service"}
    assert {name: spec["ports"][0]["port"] for name, spec in services.items()} == ports


def test_probes_ask_what_is_answered() -> None:
    kinds = ("startup", "readiness", "liveness")
    asked = {
        name: {kind: pod["containers"][0][f"{kind}Probe"]["httpGet"]["path"] for kind in kinds}
        for name, pod in PODS.items()
    }
    assert asked == {
        "convoscope": {"startup": "/readyz", "readiness": "/readyz", "liveness": "/healthz"},
        "front": dict.fromkeys(kinds, HEALTH),
    }
    assert COMPOSE["front"]["healthcheck"]["test"][-1].endswith(HEALTH)
    assert f"location = {HEALTH} " in SITE


def test_there_is_room_for_exports_and_for_what_nginx_keeps() -> None:
    exports = DEFAULTS.exports * DEFAULTS.export_bytes
    assert size(COMPOSE["convoscope"]["tmpfs"][0].split("size=")[1].split(",")[0]) > exports
    (temporary,) = PODS["convoscope"]["volumes"]
    assert size(temporary["emptyDir"]["sizeLimit"]) > exports
    kept = size(re.search(r"max_size=(\w+)", (NGINX / "convoscope" / "cache.conf").read_text())[1])  # type: ignore[index]
    assert size(COMPOSE["front"]["tmpfs"][0].split("size=")[1].split(",")[0]) > kept


# --- Kubernetes ---


def test_kustomizations_name_what_is_there_and_all_of_it() -> None:
    for name in KUSTOMIZATION["resources"]:
        assert (DEPLOY / "kubernetes" / name).exists(), name
    manifests = {file.name for file in (DEPLOY / "kubernetes").glob("*.yaml")} - {"kustomization.yaml"}
    assert manifests == {name for name in KUSTOMIZATION["resources"] if name.endswith(".yaml")}
    generated = {one["name"]: one["files"] for one in FRONT["configMapGenerator"]}
    given = {name: {one.split("=")[0].split("/")[-1] for one in files} for name, files in generated.items()}
    assert given == {
        "front-nginx": {"nginx.conf"},
        "front-convoscope": {file.name for file in (NGINX / "convoscope").iterdir()},
        "front-errors": {file.name for file in (NGINX / "errors").iterdir()},
    }
    assert all((NGINX / one.split("=")[-1]).is_file() for files in generated.values() for one in files)


def test_selectors_find_their_pods_and_mounts_their_volumes() -> None:
    labels = {name: spec["template"]["metadata"]["labels"] for name, spec in DEPLOYMENTS.items()}
    assert all(spec["selector"]["matchLabels"] == labels[name] for name, spec in DEPLOYMENTS.items())
    for one in OBJECTS:
        name, spec = one["metadata"]["name"], one.get("spec", {})
        if one["kind"] == "Service":
            assert spec["selector"] == labels[name]
        if one["kind"] == "PodDisruptionBudget":
            assert spec["selector"]["matchLabels"] == labels[name]
        if one["kind"] == "NetworkPolicy" and spec["podSelector"]:
            assert spec["podSelector"]["matchLabels"] == labels[name]
        if one["kind"] == "HorizontalPodAutoscaler":
            assert spec["scaleTargetRef"]["name"] in DEPLOYMENTS
            assert "replicas" not in DEPLOYMENTS[spec["scaleTargetRef"]["name"]]
    maps = {one["name"] for one in FRONT["configMapGenerator"] + KUSTOMIZATION["configMapGenerator"]}
    for pod in PODS.values():
        volumes = {volume["name"] for volume in pod["volumes"]}
        assert {mount["name"] for mount in pod["containers"][0]["volumeMounts"]} == volumes
        assert {volume["configMap"]["name"] for volume in pod["volumes"] if "configMap" in volume} <= maps


def test_the_ingress_leads_to_nginx_under_the_address_of_the_settings() -> None:
    (ingress,) = (one["spec"] for one in OBJECTS if one["kind"] == "Ingress")
    (rule,) = ingress["rules"]
    assert rule["http"]["paths"][0]["backend"]["service"] == {"name": "front", "port": {"name": "http"}}
    assert environments()["kubernetes"]["CONVOSCOPE_BASE_URL"] == f"https://{rule['host']}"
    assert ingress["tls"][0]["hosts"] == [rule["host"]]


def test_nobody_is_let_in_who_is_not_named() -> None:
    policies = {one["metadata"]["name"]: one["spec"] for one in OBJECTS if one["kind"] == "NetworkPolicy"}
    assert policies["nothing"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert "egress" not in policies["convoscope"]
    assert all("from" in rule for rule in policies["convoscope"]["ingress"])


# --- what each way may do ---


@pytest.mark.parametrize("name", PODS)
def test_a_pod_has_no_more_rights_than_it_needs(name: str) -> None:
    pod = PODS[name]
    (container,) = pod["containers"]
    assert pod["automountServiceAccountToken"] is False
    # Else a service named convoscope puts CONVOSCOPE_PORT among the settings.
    assert pod["enableServiceLinks"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    for bound in ("requests", "limits"):
        assert {"cpu", "memory"} <= set(container["resources"][bound])
    assert pod["topologySpreadConstraints"]


@pytest.mark.parametrize("name", COMPOSE)
def test_a_container_has_no_more_rights_than_it_needs(name: str) -> None:
    service = COMPOSE[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert {"mem_limit", "cpus", "pids_limit", "tmpfs", "stop_grace_period"} <= set(service)


def test_only_nginx_is_reached_from_outside() -> None:
    assert "ports" not in COMPOSE["convoscope"]
    assert COMPOSE["convoscope"]["networks"] == ["inside"]
    assert yaml.safe_load((DEPLOY / "compose.yaml").read_text())["networks"]["inside"] == {"internal": True}


HARDENED = {
    "DynamicUser": "yes",
    "NoNewPrivileges": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "ProtectProc": "invisible",
    "ProtectClock": "yes",
    "ProtectKernelLogs": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectControlGroups": "yes",
    "ProtectHostname": "yes",
    "LockPersonality": "yes",
    "MemoryDenyWriteExecute": "yes",
    "RestrictNamespaces": "yes",
    "RestrictRealtime": "yes",
    "RestrictSUIDSGID": "yes",
    "SystemCallArchitectures": "native",
}


@pytest.mark.parametrize("name", UNITS)
def test_a_service_has_no_more_rights_than_it_needs(name: str) -> None:
    set_to = unit(name)
    assert {key: set_to.get(key) for key in HARDENED} == {key: [value] for key, value in HARDENED.items()}
    assert "@system-service" in set_to["SystemCallFilter"]
    assert re.findall(r"^\[(\w+)\]$", UNITS[name], re.MULTILINE) == ["Unit", "Service", "Install"]
    assert {"MemoryMax", "TasksMax", "TimeoutStopSec"} <= set(set_to)


def test_the_service_of_the_application_asks_nobody_and_starts_a_command_that_there_is() -> None:
    set_to = unit("convoscope.service")
    command = Path(set_to["ExecStart"][0].split()[0]).name
    assert command in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert (set_to["IPAddressDeny"], set_to["IPAddressAllow"]) == (["any"], ["localhost"])
    assert set_to["CapabilityBoundingSet"] == [""]
