# 停车诱导与治堵 · parking guidance. `make` lists the targets; each creates what it needs.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
LOCKS := requirements
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links \
	--generate-hashes --no-annotate --no-header $(ARGS)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo serve test check sumo bench docs lock wheel image-steps clean

help:  ## 列出目标 · this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 22

# The recipes that run long are one `exec`, so that a signal to make ends the program itself and its exit code comes back.

demo: $(VENV)/.runtime  ## 在浏览器里看城市 · the town in your browser; ARGS="--port 8099 --speed 60 --for 90"
	@exec $(BIN)/parking demo $(ARGS)

serve: $(VENV)/.runtime  ## 正式服务 · the service; settings from PARKING_* or a settings file
	@exec $(BIN)/parking serve $(ARGS)

# Where everything is required the tests meet SUMO as well, 235 MB; elsewhere they skip what it would show, and say so.
test: $(if $(filter 1,$(PARKING_REQUIRE_ALL)),$(VENV)/.sumo,$(VENV)/.dev)  ## 测试 · every test; ARGS="tests/unit -k sign"
	@exec $(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.dev  ## 检查 · format, lint, types, import contracts, locks, texts, documentation
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/check_locks.py
	$(BIN)/python tools/check_texts.py
	$(BIN)/python tools/check_docs.py

sumo: $(VENV)/.sumo  ## SUMO 桥 · the extra [sumo]: cars on a city's own network, 235 MB
	@$(BIN)/parking sumo --help >/dev/null && echo "docs/sumo.md: parking sumo make, parking sim run --sumo"

bench: $(VENV)/.dev  ## 性能 · messages a second kept and acknowledged; ARGS="--json"
	@exec $(BIN)/parking bench ingest $(ARGS)

docs: $(VENV)/.dev  ## 文档 · checks links and commands, writes site/
	$(BIN)/python tools/check_docs.py
	$(BIN)/python tools/build_docs.py site

lock: $(VENV)/.dev  ## 锁定依赖 · writes requirements/*.lock anew; ARGS=--upgrade
	$(COMPILE) --group pyproject.toml:build -o $(LOCKS)/build.lock
	$(COMPILE) -c $(LOCKS)/build.lock pyproject.toml -o $(LOCKS)/runtime.lock
	$(COMPILE) --extra fast -c $(LOCKS)/build.lock -c $(LOCKS)/runtime.lock pyproject.toml -o $(LOCKS)/fast.lock
	$(COMPILE) --extra dev --extra fast --extra plot -c $(LOCKS)/build.lock -c $(LOCKS)/fast.lock pyproject.toml -o $(LOCKS)/dev.lock
	$(COMPILE) --extra sumo --extra fast -c $(LOCKS)/build.lock -c $(LOCKS)/dev.lock pyproject.toml -o $(LOCKS)/sumo.lock
	$(BIN)/python tools/check_locks.py

wheel: $(VENV)/.runtime  ## 安装包 · dist/*.whl
	$(BIN)/python -m hatchling build -t wheel -d dist

image-steps: $(VENV)/.runtime  ## 镜像的每一步，不需容器 · every step of the Dockerfile, into build/image
	deploy/image/dependencies.sh build/image/opt/parking
	deploy/image/package.sh build/image/opt/parking $(BIN)/python
	build/image/opt/parking/bin/parking --help >/dev/null
	du -sh build/image/opt/parking

clean:  ## 删去能重新生成的 · removes what the other targets made
	rm -rf $(VENV) build dist site

# Stamps: an environment is made anew only when its lock or the package's own description has changed.

$(VENV)/.python:
	python="$$(tools/find_python.sh)" && "$$python" -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.python $(LOCKS)/build.lock $(LOCKS)/fast.lock pyproject.toml
	$(PIP) install --quiet --require-hashes -r $(LOCKS)/build.lock -r $(LOCKS)/fast.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime $(LOCKS)/dev.lock
	$(PIP) install --quiet --require-hashes -r $(LOCKS)/dev.lock
	@touch $@

$(VENV)/.sumo: $(VENV)/.dev $(LOCKS)/sumo.lock
	$(PIP) install --quiet --require-hashes -r $(LOCKS)/sumo.lock
	@touch $@
