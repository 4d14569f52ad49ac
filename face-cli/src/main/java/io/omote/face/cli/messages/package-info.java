// SPDX-License-Identifier: Apache-2.0
/** The messages of the library, for users of the command. */
@NullMarked
package io.omote.face.cli.messages;

import org.jspecify.annotations.NullMarked;
