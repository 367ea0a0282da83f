# The commands of this project, the same for people and for CI; the work itself is done by the tools named here.
# `make run` needs the package alone, everything else the development tools too: one environment, two stamps.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

ENV := .venv
BIN := $(ENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
RUN := $(ENV)/installed
DEV := $(ENV)/installed-dev
PEERS := .venv-peers
SECONDS := 600
MODEL := runs/lecture.safetensors
PAGE := src/glassnet/studio/page

.PHONY: help run test check node chromium format core sanitize fuzz arm64 wasm page golden models wheel locale docs serve bench size hooks constraints clean

help:  ## this list
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 14

run: $(RUN)  ## train the lecture's network, then follow one digit through it
	@mkdir -p runs
	$(BIN)/glassnet train --recipe lecture --out $(MODEL)
	$(BIN)/glassnet forward --test 0 --model $(MODEL)
	@$(BIN)/python tools/next_steps.py $(MODEL)

# The page's tests mostly wait for a browser: the others run beside them.
test: check node chromium core sanitize  ## every check and every test
	@$(BIN)/python -m pytest tests/studio > build/studio-tests.txt 2>&1 & studio=$$!; trap "kill $$studio" INT TERM; \
	$(BIN)/python -m pytest --ignore=tests/studio; others=$$?; \
	wait $$studio; studio=$$?; cat build/studio-tests.txt; exit $$((others || studio))

check: $(DEV)  ## ruff, format and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

node:  # a machine without it hears from the page's test what to install
	-@tools/node.sh

chromium:  # and the same of the browser
	-@tools/chromium.sh

format: $(DEV)  ## rewrite the code as ruff would have it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

core: $(DEV)  ## build/core/: the engine in C++ and its own tests, once per instruction set
	$(BIN)/cmake -S . -B build/core -G Ninja
	$(BIN)/cmake --build build/core
	$(BIN)/ctest --test-dir build/core --output-on-failure

sanitize: $(DEV)  ## build/sanitize/: bytes by chance into every entry of the engine, under the sanitizers
	$(BIN)/cmake -S . -B build/sanitize -G Ninja -DGLASSNET_SANITIZE=ON
	$(BIN)/cmake --build build/sanitize --target fuzz test_threads
	$(BIN)/ctest --test-dir build/sanitize --tests-regex 'fuzz|threads' --output-on-failure

fuzz: $(DEV)  ## build/fuzz/: the same for SECONDS=600, with libFuzzer where clang is installed
	BIN=$(BIN) tools/fuzz.sh build/fuzz $(SECONDS)

arm64: $(DEV)  ## build/arm64/: the engine's tests for arm64, under emulation (g++-aarch64-linux-gnu and qemu-user)
	$(BIN)/cmake -S . -B build/arm64 -G Ninja --toolchain tools/arm64.cmake
	$(BIN)/cmake --build build/arm64
	$(BIN)/ctest --test-dir build/arm64 --output-on-failure

wasm: $(DEV)  ## build/core.wasm: the engine for browsers and Node
	$(BIN)/python tools/wasm.py build/core.wasm

page: $(DEV) node  ## src/glassnet/studio/page/: the studio's page, and the engine beside it
	cd web && npm ci && npm run build
	$(BIN)/python tools/wasm.py $(PAGE)/core.wasm

golden: $(DEV)  ## tests/golden/: the engine's numbers to the last bit, after a change that is meant
	$(BIN)/python tools/golden.py
	$(BIN)/python tools/golden_studio.py

models: $(RUN)  ## src/glassnet/models/: train the packaged networks anew
	@mkdir -p src/glassnet/models
	$(BIN)/glassnet train --recipe default --out src/glassnet/models/lecture.safetensors
	$(BIN)/python -m tools.confidence src/glassnet/models/lecture.safetensors
	$(BIN)/python -m tools.hand src/glassnet/models/hand.safetensors
	$(BIN)/python -m tools.reader src/glassnet/models/reader.safetensors
	$(BIN)/python -m tools.refusing
	$(BIN)/python tools/golden.py
	$(BIN)/python tools/golden_studio.py

wheel: page  ## dist/: the wheel and the source archive, the page inside
	rm -rf dist
	$(BIN)/python -m build --no-isolation
	@ls -l dist

locale: $(DEV)  ## collect the messages, update the Korean catalog, compile
	$(BIN)/python tools/catalog.py

docs: $(DEV)  ## site/: the documentation, Korean and English
	$(BIN)/mkdocs build --strict

serve: $(DEV)  ## the documentation on 127.0.0.1:8000, rebuilt as it changes
	$(BIN)/mkdocs serve --strict

bench: wasm $(PEERS)/installed  ## the benchmarks: the table and its record, benchmarks/results.json; from the disk too, where root may
	$(BIN)/python benchmarks/startup.py; start=$$?; \
	$(BIN)/python -m benchmarks --peers $(PEERS)/bin/python $$(test -w /proc/sys/vm/drop_caches && echo --cold); kept=$$?; $(BIN)/python -m benchmarks.report; exit $$((start | kept))

size:  ## lines of code, by folder, and the engine for the browser
	@git ls-files '*.py' '*.?pp' '*.ts' '*.json' '*.md' | xargs wc -l | awk ' \
	    $$2 != "total" { n = split($$2, p, "/"); ext = $$2; sub(/.*\./, "", ext); \
	        folder = (n == 1) ? "." : p[1]; if (p[1] == "src") folder = (n > 3) ? p[1] "/" p[2] "/" p[3] : "src/glassnet"; \
	        lines[folder " " ext] += $$1; files[folder " " ext]++ } \
	    END { for (key in lines) { split(key, k, " "); printf "%-24s %-5s %4d files %6d lines\n", k[1], k[2], files[key], lines[key] } }' | sort
	@if [ -d $(PAGE) ]; then cd $(PAGE) && for file in *; do printf '%-24s %8d bytes, %d compressed\n' \
	    "$$file" $$(wc -c < "$$file") $$(gzip -9 -c "$$file" | wc -c); done; else echo '$(PAGE): make page'; fi
	@if [ -f build/core.wasm ]; then printf 'build/core.wasm %8d bytes, %d compressed\n' \
	    $$(wc -c < build/core.wasm) $$(gzip -9 -c build/core.wasm | wc -c); else echo 'build/core.wasm: make wasm'; fi

hooks: $(DEV)  ## check before each commit
	$(BIN)/pre-commit install

constraints: $(DEV)  ## constraints.txt: pin what is installed now
	{ head -1 constraints.txt; $(BIN)/python -m pip freeze --exclude-editable; } > constraints.new
	mv constraints.new constraints.txt

clean:  ## remove what make made
	rm -rf $(ENV) $(PEERS) dist site build $(PAGE) web/node_modules .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(ENV)/pyvenv.cfg:
	@python=$$(tools/python.sh) && echo "$$python -m venv $(ENV)" && "$$python" -m venv $(ENV)

$(RUN): pyproject.toml constraints.txt CMakeLists.txt $(wildcard core/*.?pp) | $(ENV)/pyvenv.cfg
	@echo "Installing glassnet and compiling its engine: a minute or two, once."
	$(PIP) --editable .
	@touch $@

# A peer that cannot be had is told by the benchmarks; the others are measured.
$(PEERS)/installed: benchmarks/peers.txt | $(RUN)
	$(BIN)/python -m venv $(PEERS)
	grep -v '^#' $< | xargs -n 1 $(PEERS)/bin/python -m pip --disable-pip-version-check install --quiet || true
	@touch $@

$(DEV): pyproject.toml constraints.txt CMakeLists.txt $(wildcard core/*.?pp) | $(ENV)/pyvenv.cfg
	@echo "Installing glassnet, its engine and the development tools: a few minutes, once."
	$(PIP) --editable '.[dev]'
	@touch $@ $(RUN)
