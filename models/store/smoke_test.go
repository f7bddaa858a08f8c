package store_test
import ("testing";"context"
"github.com/ouderavond/ouderavond/models/store/storetest"
"github.com/ouderavond/ouderavond/models/store"
"github.com/ouderavond/ouderavond/models"
)
func TestSmoke(t *testing.T){
 db:=storetest.New(t)
 id:=storetest.School(t,db.Store,"a")
 x,err:=db.Store.SchoolBySlug(context.Background(),"a")
 t.Log(x==id,err)
 s,err:=db.Store.Installation(storetest.Operator()).Schools(context.Background())
 t.Log(len(s),err)
 err=db.Store.For(storetest.As(id)).Write(context.Background(),func(tx *store.Tx)error{
   if err:=store.Insert(tx,&models.Group{ID:models.New[models.GroupID](),State:"active"});err!=nil{return err}
   r,err:=store.List[models.Group](tx)
   t.Log(r,err)
   return err
 })
 t.Log(err)
}
