// SPDX-License-Identifier: Apache-2.0
/** Files that are named on a command line or found in folders. */
@NullMarked
package io.omote.face.examples.files;

import org.jspecify.annotations.NullMarked;
