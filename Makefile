# make demo and make test are all that a fresh machine with Swift needs: both install what is missing.

SWIFT ?= swift
# Extra arguments for every swift command, such as SWIFT_FLAGS="-j 1".
SWIFT_FLAGS ?=
# Arguments of the browser's test, such as BROWSER="--screenshots pictures map viewer".
BROWSER ?=
# What is made before it; nothing where the tests have built vse already, which a build without them would build anew.
BROWSER_NEEDS ?= build
# Arguments of bench, such as BENCH="train-step --rounds 3" or BENCH="--photos FOLDER".
BENCH ?=
# Arguments of clean-room, such as CLEAN_ROOM="--swift /opt/swift --keep".
CLEAN_ROOM ?=
# Arguments of fuzz, such as FUZZ="npz --count 10000 --seed 7".
FUZZ ?=

# Homebrew's folders are not among those that the compiler and the linker search on their own.
ifeq ($(shell uname -s),Darwin)
  HOMEBREW := $(shell brew --prefix 2>/dev/null)
  ifneq ($(HOMEBREW),)
    PLATFORM_FLAGS := -Xcc -I$(HOMEBREW)/include -Xlinker -L$(HOMEBREW)/lib
  endif
endif

RELEASE := -c release $(PLATFORM_FLAGS) $(SWIFT_FLAGS)

# Where install puts things, below DESTDIR where packages are made.
PREFIX ?= /usr/local
DESTDIR ?=

.DEFAULT_GOAL := build
.PHONY: setup build demo test test-browser fuzz bench clean-room docs lint man install clean

setup:  ## install the system packages that are missing
	@SWIFT="$(SWIFT)" Scripts/setup

build: setup  ## build the command line, .build/release/vse
	$(SWIFT) build $(RELEASE) --product vse

demo: build  ## draw photos, train a model on them, search, and make a page to look at, in vse-demo
	.build/release/vse demo

test: setup  ## run all tests, in release: debug builds run numeric loops many times slower
	$(SWIFT) test $(RELEASE)

test-browser: $(BROWSER_NEEDS)  ## test the page of vse serve in a real Chromium
	@SWIFT="$(SWIFT)" Scripts/setup browser
	Tests/Browser/test_page.py $(BROWSER)

fuzz: setup  ## feed the readers of files with a million damaged ones for each format
	$(SWIFT) run $(RELEASE) fuzz $(FUZZ)

bench: build  ## measure beside PyTorch and others, in a virtual environment of their own
	-@SWIFT="$(SWIFT)" Scripts/setup bench  # what cannot be installed is said in the table
	Benchmarks/run --vse .build/release/vse $(BENCH)

clean-room:  ## make demo and make test on a bare Debian 12, as root
	Scripts/clean-room $(CLEAN_ROOM)

docs:  ## build the documentation of the libraries, and say how to read it
	@SWIFT="$(SWIFT)" Scripts/setup docs
	@SWIFT="$(SWIFT)" Scripts/documentation $(PLATFORM_FLAGS) $(SWIFT_FLAGS)

lint: setup  ## formatting, and warnings as errors
	@SWIFT="$(SWIFT)" Scripts/lint $(PLATFORM_FLAGS) $(SWIFT_FLAGS)

man: build  ## write the manual pages, .build/man/man1: man -M .build/man vse
	Scripts/manual .build/release/vse .build/man/man1

install: build  ## install the program, its manual and its completions: make install PREFIX=$$HOME/.local
	Scripts/install .build/release/vse "$(DESTDIR)$(PREFIX)"

clean:  ## remove what was built
	rm -rf .build .build-* Benchmarks/.venv
