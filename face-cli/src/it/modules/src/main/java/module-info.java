// SPDX-License-Identifier: Apache-2.0

/** An application on the module path. */
module io.omote.it.modules {
  requires io.omote.face.models;
}
