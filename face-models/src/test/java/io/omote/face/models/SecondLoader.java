// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import java.io.File;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;

/** Loads all classes again in the same JVM, like a second web application. */
final class SecondLoader extends URLClassLoader {
  SecondLoader() throws MalformedURLException {
    super(urls(), ClassLoader.getPlatformClassLoader());
  }

  private static URL[] urls() throws MalformedURLException {
    String[] entries = ForkedJvm.classPath().split(File.pathSeparator);
    URL[] urls = new URL[entries.length];
    for (int i = 0; i < entries.length; i++) {
      urls[i] = Path.of(entries[i]).toUri().toURL();
    }
    return urls;
  }

  /** Runs a main class of the tests, and returns the exception that it throws. */
  void run(Class<?> main, Object... arguments) throws Exception {
    Method method = loadClass(main.getName()).getDeclaredMethod("main", String[].class);
    if (method.getDeclaringClass() == main) {
      throw new AssertionError("the class is that of the first loader");
    }
    method.setAccessible(true);
    method.invoke(
        null, (Object) Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
  }

  /** Waits until a thread of any loader waits for the lock of a store. */
  static void awaitLock(Thread thread) {
    while (!isWaiting(thread)) {
      if (!thread.isAlive()) {
        throw new AssertionError("the thread ended and did not wait");
      }
      Thread.onSpinWait();
    }
  }

  private static boolean isWaiting(Thread thread) {
    return thread.getState() == Thread.State.TIMED_WAITING
        && Arrays.stream(thread.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals(StoreLock.class.getName()));
  }
}
