#!/usr/bin/env node
import '../sync-service/src/cli/main.ts';
