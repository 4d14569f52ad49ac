// SPDX-License-Identifier: Apache-2.0
/** The models of the commands: their names, and files that say by themselves what they are. */
@NullMarked
package io.omote.face.cli.models;

import org.jspecify.annotations.NullMarked;
