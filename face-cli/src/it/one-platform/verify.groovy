// SPDX-License-Identifier: Apache-2.0

def answers = { name ->
  new File(basedir, "target/${name}.txt").readLines()
      .findAll { it ==~ /\w+\.\w+: .+/ }
      .collectEntries { it.split(': ', 2) as List }
}
def without = answers('without-opencv')
def with = answers('with-opencv')
[without, with].each {
  assert it['astronaut.png'] == 'true'
  assert it['grace_hopper.jpg'] == 'false'
}
assert with['astronaut.webp'] == 'true'
assert without['astronaut.webp'].startsWith('UNSUPPORTED_FORMAT ')
assert without['astronaut.webp'].contains('io.omote:face-opencv')

// A limit of size: what the README promises, in bytes.
def jar = { name -> new File(basedir, "target/${name}.jar") }
assert jar('without-opencv').length() <= 25_000_000
assert jar('with-opencv').length() <= 52_000_000

// The libraries of one platform, and of no other.
def natives = { name ->
  new java.util.zip.ZipFile(jar(name)).withCloseable { zip ->
    zip.entries().collect { it.name }.findAll { it ==~ /.*\.(so|dll|dylib|jnilib|a)/ }.sort()
  }
}
def onnxruntime = ['libonnxruntime.so', 'libonnxruntime4j_jni.so']
    .collect { 'ai/onnxruntime/native/linux-x64/' + it }
assert natives('without-opencv') == onnxruntime
def opencv = natives('with-opencv') - onnxruntime
assert opencv.size() == 1 && opencv[0].startsWith('nu/pattern/opencv/linux/x86_64/')
return true
