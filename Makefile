# The commands of the project; what they do stands in dev/stack (README.md says how to use them).
CKAN ?= 2.12
ARGS ?=
# No shell between make and the stack, so that a signal to make reaches it.
export PYTHONPATH = dev
STACK = @python3 -m stack

.PHONY: demo test lint bench translations services stop

demo: ; $(STACK) demo
test: ; $(STACK) test --ckan $(CKAN) $(ARGS)
lint: ; $(STACK) lint
bench: ; $(STACK) bench
translations: ; $(STACK) translations
services: ; $(STACK) services
stop: ; $(STACK) stop
