// SPDX-License-Identifier: Apache-2.0

// The compiler refuses the import of the inner package, and nothing else.
def log = new File(basedir, 'build.log').readLines()
    .collect { it.replaceAll(/\u001B\[[0-9;]*m/, '') }
def errors = log.findAll { it ==~ /\[ERROR\] .*\.java:\[\d+,\d+\].*/ }.unique()
assert errors.size() == 1 : "expected one error, found ${errors}"
assert errors[0].contains('Main.java') &&
    errors[0].contains('package io.omote.face.internal.geometry is not visible')
assert log.any { it.contains('io.omote.face.core, which does not export it') }
return true
