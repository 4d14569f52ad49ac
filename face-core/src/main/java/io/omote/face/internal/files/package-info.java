// SPDX-License-Identifier: Apache-2.0
/** Files that are named on a command line or found in folders, and those that are written. */
@NullMarked
package io.omote.face.internal.files;

import org.jspecify.annotations.NullMarked;
