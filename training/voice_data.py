"""scratch"""
from __future__ import annotations
from dataclasses import dataclass
import pickle, numpy as np
CLASSES = ("anger","disgust","fear","joy","sadness","surprise","neutral","calm","boredom")
BURSTS = ("Amusement","Anger","Contentment","Disgust","Fear","Neutral","Relief","Sadness","Surprise (Negative)","Surprise (Positive)","speech")
OWN = {"neutral":"neutral","calm":"calm","bored":"boredom","happy":"joy","sad":"sadness","angry":"anger","fearful":"fear","disgust":"disgust","surprised":"surprise"}
CIRC = {"anger":(-.7,.8),"disgust":(-.7,.4),"fear":(-.7,.8),"joy":(.9,.5),"sadness":(-.8,-.3),"surprise":(.1,.7),"neutral":(0,0),"calm":(.4,-.5),"boredom":(-.4,-.6)}
BC = {"Amusement":(.7,.5),"Anger":(-.7,.8),"Contentment":(.6,-.2),"Disgust":(-.7,.4),"Fear":(-.7,.8),"Neutral":(0,0),"Relief":(.6,-.3),"Sadness":(-.8,-.3),"Surprise (Negative)":(-.2,.7),"Surprise (Positive)":(.5,.7)}
@dataclass(frozen=True,slots=True)
class Clip:
    clip:str; corpus:str; speaker:str; sex:str|None; label:str; mels:list; emotion:tuple; allowed:tuple; affect:tuple; burst:int; intensity:float; sentence:str
def load(path='/work/scratch/h/voice_runs/cache.pkl'):
    raw=pickle.load(open(path,'rb'))
    kinds={}
    def lab(r):
        if r['corpus']=='emogator': return r['raw']
        l=OWN[r['emotion']]
        return 'neutral' if r['corpus']=='turev' and l=='calm' else l
    for r in raw:
        if r['corpus']!='emogator': kinds.setdefault(r['corpus'],set()).add(lab(r))
    out=[]
    for r in raw:
        l=lab(r); b=r['corpus']=='emogator'
        out.append(Clip(r['clip'],r['corpus'],r['speaker'],r['sex'],l,r['mel'],
          tuple(0. if b else float(c==l) for c in CLASSES), tuple(1. if b else float(c in kinds[r['corpus']]) for c in CLASSES),
          BC[l] if b else tuple(np.array(CIRC[l])*(1.0 if r['intensity']!='normal' else .75)), BURSTS.index(l) if b else 10,
          {'normal':0.,'strong':1.}.get(r['intensity'],-1.), r['sentence'] or ''))
    return out
