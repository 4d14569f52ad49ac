// SPDX-License-Identifier: Apache-2.0

/** An application on the module path that reaches behind the API. */
module io.omote.it.inner {
  requires io.omote.face.core;
}
